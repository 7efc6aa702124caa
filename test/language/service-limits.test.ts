/** Size limits at a task's edge (fdl.md §12). */
import { describe, expect, it } from "vitest";
import { endOf, worldOf } from "./live.ts";

const MIB = 1024 * 1024;
const KIB = 1024;
const CAUGHT = `catch: [{errors: [FnF.DataLimitExceeded], goto: z}], errorMappings: [{target: cause, source: $local.cause}]`;
const flow = (step: string) => `[{${step}, ${CAUGHT}}, {type: succeed, name: z}]`;

describe("a service's size limit", () => {
  it.each([
    ["queue", "queues", MIB, MIB + 1, "1 MiB"],
    ["topic", "topics", 256 * KIB, 256 * KIB + 1, "256 KB"],
  ])("[MORE-13] of a message to a %s", async (_, kind, fits, tooLong, limit) => {
    const text = flow(
      `type: task, name: t, resourceArn: "acs:mns:::/${kind}/q/messages", serviceParams: {MessageBody: $.body}, outputMappings: []`,
    );
    const w = await worldOf({ f: text });
    const send = async (length: number) => (await endOf(w, await w.start("f", { body: "x".repeat(length) }))).output;
    expect(await send(fits)).toHaveProperty("MessageId");
    expect(await send(tooLong)).toEqual({ cause: expect.stringContaining(limit) });
  });

  it("[MORE-13] of what a function is given and gives back", async () => {
    const text = flow(
      `type: task, name: t, resourceArn: "acs:fc:::services/s/functions/f", outputMappings: [{target: ok, source: 1}]`,
    );
    const w = await worldOf({ f: text }, { "s/f": (event) => ({ back: "x".repeat(Object(event).size) }) });
    const call = async (given: number, back: number) =>
      (await endOf(w, await w.start("f", { text: "x".repeat(given), size: back }))).output;
    const margin = 100;
    expect(await call(6 * MIB - margin, 1)).toEqual({ ok: 1 });
    expect(await call(6 * MIB, 1)).toEqual({ cause: expect.stringContaining("6 MB") });
    expect(await call(1, 6 * MIB - margin)).toEqual({ ok: 1 });
    expect(await call(1, 6 * MIB + margin)).toEqual({ cause: expect.stringContaining("6 MB") });
  });
});
