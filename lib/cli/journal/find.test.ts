import { beforeEach, describe, expect, it } from "vitest";
import { type World, world } from "../../runtime/testing/world.ts";
import { UsageError } from "../usage.ts";
import { findExecution } from "./find.ts";
import { sourceOf } from "./testing/source.ts";

const PASS = "version: v1\ntype: flow\nsteps: [{type: wait, name: nap, duration: 5}]";

let w: World;
beforeEach(async () => {
  w = await world({ flows: { orders: PASS, refunds: PASS, idle: PASS } });
  await w.start("orders", {}, "monday");
  await w.start("orders", {}, "both");
  await w.start("refunds", {}, "both");
});

const find = (wanted: string) => findExecution(sourceOf(w.plain), wanted);

async function refusal(wanted: string): Promise<string> {
  const error = await find(wanted).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

describe("an execution is found", () => {
  it("by flow and name", async () => {
    expect(await find("refunds/both")).toMatchObject({ flow: "refunds", ref: { name: "both" } });
  });

  it("by its start id", async () => {
    const { startId } = await find("orders/monday");
    expect(await find(startId)).toMatchObject({ flow: "orders", ref: { name: "monday" } });
  });

  it("by its name alone, when only one flow has it", async () => {
    expect(await find("monday")).toMatchObject({ flow: "orders" });
  });
});

describe("what cannot be found is told with what there is", () => {
  it("a name that several flows have", async () => {
    expect(await refusal("both")).toMatch(
      /^"both" is an execution of 2 flows; name one:\n {2}orders\/both .*\n {2}refunds\/both .*$/,
    );
  });

  it("a misspelt flow", async () => {
    expect(await refusal("order/monday")).toBe(
      'there is no flow "order". Did you mean "orders"? There are "idle", "refunds", "orders".',
    );
  });

  it("a misspelt name, and the newest executions", async () => {
    expect(await refusal("orders/munday")).toMatch(
      /^there is no execution "munday" of flow "orders"\. Did you mean "monday"\? The newest are:\n {2}orders\/(both|monday) /,
    );
  });

  it("the beginning of a name", async () => {
    expect(await refusal("orders/mon")).toMatch(
      /^there is no execution "mon" of flow "orders"\. Did you mean:\n {2}orders\/monday {2}Running, started 2026-01-01T/,
    );
  });

  it("a flow alone", async () => {
    expect(await refusal("refunds")).toMatch(
      /^"refunds" is a flow; name one of its executions\. The newest are:\n {2}refunds\/both/,
    );
    expect(await refusal("idle")).toBe('"idle" is a flow; name one of its executions. None was ever started.');
    expect(await refusal("idle/")).toBe('name an execution of flow "idle". None was ever started.');
  });

  it("a flow alone that is misspelt", async () => {
    expect(await refusal("refund")).toContain('Did you mean "refunds"?');
  });

  it("anything, where nothing ever ran", async () => {
    w = await world({ flows: {} });
    expect(await refusal("orders/monday")).toBe('there is no flow "orders". No flow was ever run here.');
    expect(await refusal("monday")).toBe('there is no execution "monday". No flow was ever run here.');
  });

  it("and names that a terminal would act on are told harmlessly", async () => {
    for (const hostile of ["\u001b[2J", "a/\u202eb\u0007", "/", "", "__proto__", "../../x", "x".repeat(100_000)]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      expect((await refusal(hostile)).replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u202e]/);
    }
  });
});
