import { expect, it } from "vitest";
import { tally, world } from "./testing/world.ts";

const chain = [
  "version: v1",
  "type: flow",
  "steps:",
  ...Array.from(
    { length: 10 },
    (_, i) => `  - {type: task, name: step${i}, resourceArn: "acs:fc:::services/s/functions/f"}`,
  ),
].join("\n");

it.each(["hop", "fused"] as const)(
  "a chain of ten tasks costs 11 appends, 11 header reads and the calls of start and end (%s)",
  async (mode) => {
    const { run, calls } = await world({
      flows: { chain },
      functions: { "s/f": () => ({ ok: true }) },
      settings: { mode },
    });
    const { header } = await run("chain");
    expect(header.status).toBe("Succeeded");
    const { "journal.readData": _, "queue.receive": __, "queue.idle": ___, ...counts } = tally(calls);
    expect(counts).toEqual({
      // start: the flow, its definition (once a worker), the header, its name in use, the input
      "journal.readFlow": 1,
      "journal.readRevision": 1,
      "journal.putHeader": 1,
      "journal.putInput": 1,
      // one read by the start, and one by each transition
      "journal.readHeader": 1 + 11,
      "journal.append": 11,
      "queue.send": mode === "hop" ? 11 : 1,
      "functions.invoke": 10,
      // end: the output, then the header
      "journal.putResult": 1,
      "journal.endHeader": 1,
      // the history that the test asks for
      "journal.readEntries": 2,
    });
  },
);
