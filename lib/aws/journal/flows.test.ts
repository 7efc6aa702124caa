import { expect, test } from "vitest";
import { flow } from "../../../test/contracts/journal/items.ts";
import type { FlowItem, Journal } from "../../runtime/ports/journal.ts";
import { dynamoJournal } from "../journal.ts";
import { eachTestTable } from "./testing/each-table.ts";
import type { TestTable } from "./testing/table.ts";

let made: TestTable;
let journal: Journal;
let created: FlowItem;
eachTestTable(async (table) => {
  made = table;
  journal = dynamoJournal(made);
  created = flow();
  await journal.createFlow(created, "first");
});

/** Does that once, right after the next PutItem: of an update, the revision's. */
function afterRevision(work: () => unknown): void {
  made.onAnswer = (request) => {
    if (request !== "PutItem") return undefined;
    made.onAnswer = undefined;
    return work();
  };
}

function revision(number: number, updatedAt = number): FlowItem {
  return { ...created, revision: number, updatedAt };
}

async function definitions(): Promise<readonly (string | undefined)[]> {
  return Promise.all([1, 2, 3].map((number) => journal.readRevision(created.flowId, number)));
}

/** An update whose author dies between its two writes. */
async function diesHalfway(): Promise<void> {
  afterRevision(() => {
    throw new Error("killed");
  });
  await expect(journal.updateFlow(revision(2), "half made")).rejects.toThrow("killed");
}

test("an update whose author died halfway is not seen", async () => {
  await diesHalfway();
  expect(await journal.readFlow(created.name)).toEqual(created);
});

test("the next update completes it, is refused, and has its turn after it", async () => {
  await diesHalfway();
  expect(await journal.updateFlow(revision(2, 99), "next")).toBe(false);
  expect(await journal.readFlow(created.name)).toEqual(revision(2));
  expect(await journal.updateFlow(revision(3), "next")).toBe(true);
  expect(await journal.readFlow(created.name)).toEqual(revision(3));
  expect(await definitions()).toEqual(["first", "half made", "next"]);
});

test("an update that another completes for its author is the author's", async () => {
  let other: boolean | undefined;
  afterRevision(async () => {
    other = await journal.updateFlow(revision(2, 99), "the other's");
  });
  expect(await journal.updateFlow(revision(2), "the author's")).toBe(true);
  expect(other).toBe(false);
  expect(await journal.readFlow(created.name)).toEqual(revision(2));
  expect(await definitions()).toEqual(["first", "the author's", undefined]);
});

test("an update of a flow that is deleted meanwhile is refused and does not bring it back", async () => {
  afterRevision(async () => {
    expect(await journal.deleteFlow(created.name, created.flowId)).toBe(true);
  });
  expect(await journal.updateFlow(revision(2), "second")).toBe(false);
  expect(await journal.readFlow(created.name)).toBeUndefined();
});

test("an update of a flow that is made anew meanwhile does not touch the new one", async () => {
  const anew = flow({ name: created.name });
  afterRevision(async () => {
    await journal.deleteFlow(created.name, created.flowId);
    await journal.createFlow(anew, "anew");
  });
  expect(await journal.updateFlow(revision(2), "second")).toBe(false);
  expect(await journal.readFlow(created.name)).toEqual(anew);
  expect(await journal.readRevision(anew.flowId, 1)).toBe("anew");
});
