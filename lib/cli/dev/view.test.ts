import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../engine/index.ts";
import type { Header } from "../../runtime/ports/journal.ts";
import type { Transit } from "../run/engine.ts";
import type { Terminal } from "../terminal.ts";
import { devView } from "./view.ts";

const AT = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
const GENERATED = "0c2f1a3b-0000-4000-8000-000000000000";

function terminal() {
  const written = { out: "", err: "" };
  const on: Terminal = {
    live: false,
    color: false,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    stdin: Readable.from([]),
    onInterrupt: () => () => {},
  };
  return { on, written };
}

function transit(execution: string, types: readonly HistoryEvent["type"][]): Transit {
  const events = types.map((type, id): HistoryEvent => {
    const detail = {};
    return {
      id: id + 1,
      cause: { in: "branch", id },
      type,
      step: type.startsWith("Step") ? "pay" : "",
      time: AT,
      detail,
    };
  });
  const effect = { kind: "continue" } as const;
  return { startId: `start of ${execution}`, flow: "order", execution, branch: "", seq: 0, events, effect };
}

function header(execution: string, end: Partial<Header>): Header {
  return {
    ref: { flowId: "f", name: execution },
    startId: `start of ${execution}`,
    flow: "order",
    revision: 1,
    core: 1,
    keyId: "k",
    status: "Succeeded",
    startedAt: AT,
    deadline: AT,
    endedAt: AT + 1_500,
    ...end,
  };
}

describe("what is said of executions", () => {
  test("stands there only once it is on disk, in the order in which it happened", async () => {
    const { on, written } = terminal();
    const disk = Promise.withResolvers<void>();
    const view = devView({ terminal: on, quiet: false, json: false, durable: () => disk.promise });
    view.transit(transit("a", ["ExecutionStarted", "StepEntered"]));
    view.transit(transit("a", ["StepExited"]));
    view.ended(header("a", {}));
    await turn();
    view.flush();
    expect(written.err).toBe("");
    disk.resolve();
    await turn();
    view.flush();
    expect(written.err).toBe(
      [
        "03:04:05.006  order/a  started",
        "03:04:05.006  order/a  → pay",
        "03:04:05.006  order/a  ✓ pay",
        "03:04:06.506  order/a  succeeded in 1.5 s\n",
      ].join("\n"),
    );
    expect(written.out).toBe("");
  });

  test("generated names are whole at the start and the end, and short in between; columns line up", async () => {
    const { on, written } = terminal();
    const view = devView({ terminal: on, quiet: false, json: false, durable: async () => {} });
    view.transit(transit(GENERATED, ["ExecutionStarted", "StepEntered"]));
    view.transit(transit("a", ["StepEntered"]));
    view.ended(header(GENERATED, { status: "Failed", error: "No", cause: "be\u001b[2Jcause" }));
    await turn();
    view.flush();
    expect(written.err.split("\n")).toEqual([
      `03:04:05.006  order/${GENERATED}  started`,
      "03:04:05.006  order/0c2f1a3b  → pay",
      "03:04:05.006  order/a         → pay",
      `03:04:06.506  order/${GENERATED}  Failed after 1.5 s  No: be\\u001b[2Jcause`,
      "",
    ]);
  });

  test("is not said when the disk has failed", async () => {
    const { on, written } = terminal();
    const durable = () => Promise.reject(new Error("full"));
    const view = devView({ terminal: on, quiet: false, json: false, durable });
    view.transit(transit("a", ["StepEntered"]));
    await turn();
    view.flush();
    expect(written.err).toBe("");
  });
});

test("what functions print has the execution and the function before it, and stays as it is", () => {
  const { on, written } = terminal();
  const view = devView({ terminal: on, quiet: true, json: false, durable: async () => {} });
  const text = "\u001b[31mred\u001b[0m";
  view.printed({ stream: "stdout", text, function: "shop/pay", flow: "order", execution: GENERATED });
  view.printed({ stream: "stderr", text: "loading" });
  view.flush();
  expect(written.err.replace(/^\S+/gm, "#")).toBe(`#  order/0c2f1a3b  shop/pay | ${text}\n#  functions | loading\n`);
});
