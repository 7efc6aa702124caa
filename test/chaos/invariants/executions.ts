/** Headers: they say what the root's entries say, hold what belongs to them, and stand in the right lists. */

import { headerKey } from "../../../lib/local/store/journal/execution-rows.ts";
import { type Key, keyText } from "../../../lib/local/store/keys.ts";
import type { ReadStore } from "../../../lib/local/store/read-store.ts";
import { ROOT } from "../../../lib/runtime/branch.ts";
import type { Header } from "../../../lib/runtime/ports/journal.ts";
import { type Execution, nameOf, type Records, type Violation } from "./records.ts";

export function* checkExecution({ header, branches, input, output }: Execution): Generator<Violation> {
  const tip = branches.get(ROOT)?.at(-1);
  const wrong = (text: string): Violation => ({
    execution: nameOf(header),
    branch: ROOT,
    ...(tip === undefined ? {} : { seq: tip.seq }),
    text,
  });
  const { status, startedAt, endedAt, error } = header;
  if (!input) yield wrong("its input is not there");
  if ((status === "Running") === (endedAt !== undefined)) yield wrong(`it is ${status}, and ended at ${endedAt}`);
  if (endedAt !== undefined && endedAt < startedAt) yield wrong("it ended before it started");
  if (status === "Succeeded" && !output) yield wrong("it succeeded and its output is not there");
  if (status === "Succeeded" && tip?.effect !== "succeeded")
    yield wrong(`it is ${status}, its root ends with "${tip?.effect}"`);
  // What the core could not digest ends an execution wherever its root stands (architecture §3).
  if (status === "Failed" && tip?.effect !== "failed" && error !== "FnF.RuntimeError") {
    yield wrong(`it is ${status}, its root ends with "${tip?.effect}"`);
  }
}

/** Each header stands in the lists where it is looked for, and nothing else does. */
export function* checkLists({ tables }: ReadStore, { executions }: Records): Generator<Violation> {
  const expected = {
    started: new Set<string>(),
    startedByStatus: new Set<string>(),
    running: new Set<string>(),
    ended: new Set<string>(),
  };
  for (const { header } of executions.values()) {
    const [flow = "", name = ""] = headerKey(header.ref);
    expected.started.add(text([flow, header.startedAt, name]));
    expected.startedByStatus.add(text([flow, header.status, header.startedAt, name]));
    if (header.status === "Running") expected.running.add(text([header.startedAt, flow, name]));
    else expected.ended.add(text([header.endedAt ?? 0, flow, name]));
    const start = tables.starts.get([keyText(header.startId)]);
    if (start === undefined || text(start) !== text([flow, name]))
      yield listed(header, "its start id does not lead to it");
  }
  for (const list of ["started", "startedByStatus", "running", "ended"] as const) {
    const there = new Set([...tables[list].keys({})].map(text));
    for (const key of expected[list]) if (!there.has(key)) yield unlisted(list, `has not ${key}`);
    for (const key of there) if (!expected[list].has(key)) yield unlisted(list, `has ${key}, which is no execution's`);
  }
}

function text(key: Key): string {
  return JSON.stringify(key);
}

function listed(header: Header, what: string): Violation {
  return { execution: nameOf(header), branch: ROOT, text: what };
}

function unlisted(list: string, what: string): Violation {
  return { execution: "", branch: ROOT, text: `the list "${list}" ${what}` };
}
