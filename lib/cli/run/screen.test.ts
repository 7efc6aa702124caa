import { Readable } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Terminal } from "../terminal.ts";
import { printable, type Screen, screen } from "./screen.ts";

const START = 1_700_000_000_000;
const LINE = { time: START + 1_234, tone: "good", mark: "✓", place: "pay", text: "" } as const;

beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

function terminal(looks: Pick<Terminal, "live" | "color">) {
  const written: string[] = [];
  const on: Terminal = {
    ...looks,
    out: () => {
      throw new Error("progress is no result");
    },
    err: (text) => void written.push(text),
    stdin: Readable.from([]),
    onInterrupt: () => () => {},
  };
  return { on, take: () => written.splice(0).join("") };
}

/** What is left on a terminal of what was written: `\r` goes back, `ESC [K` clears the rest of the line. */
function shown(written: string): string {
  const lines = written.split("\n").map((line) => line.split("\r\u001b[K").at(-1));
  return lines.join("\n");
}

describe("on a pipe", () => {
  test("a line has the time since the start, the mark, the place, the text; no colours, nothing drawn over", () => {
    const { on, take } = terminal({ live: false, color: false });
    const view = screen(on, { quiet: false, startedAt: START });
    view.line(LINE);
    view.line({ ...LINE, time: START + 61_000, mark: "✗", text: "Busy" });
    view.wait("k", "nap", START + 60_000);
    vi.advanceTimersByTime(10_000);
    view.close();
    expect(take()).toBe("   1.234 s  ✓ pay\n  61.000 s  ✗ pay  Busy\n");
  });

  test("quiet writes no progress, but what functions print", () => {
    const { on, take } = terminal({ live: false, color: false });
    const view = screen(on, { quiet: true, startedAt: START });
    view.line(LINE);
    view.say("a remark");
    view.raw("pay | \u001b[31mred\u001b[0m");
    expect(take()).toBe("pay | \u001b[31mred\u001b[0m\n");
  });
});

describe("on a terminal", () => {
  function live(): { view: Screen; take: () => string } {
    const { on, take } = terminal({ live: true, color: true });
    return { view: screen(on, { quiet: false, startedAt: START }), take };
  }

  test("lines have the colour of their tone", () => {
    const { view, take } = live();
    view.line(LINE);
    view.line({ ...LINE, tone: "bad" });
    view.line({ ...LINE, tone: "plain" });
    expect(take()).toBe(
      "   1.234 s  \u001b[32m✓ pay\u001b[0m\n   1.234 s  \u001b[31m✓ pay\u001b[0m\n   1.234 s  ✓ pay\n",
    );
  });

  test("the last line counts down what ends first; new lines stand above it; it goes when nothing is waited for", () => {
    const { view, take } = live();
    view.wait("a", "nap", START + 90_000);
    view.wait("b", "approve", undefined);
    expect(shown(take())).toBe("… nap: 90 s left, and 1 more");
    vi.advanceTimersByTime(2_000);
    expect(shown(take())).toBe("… nap: 88 s left, and 1 more");
    view.say("a remark");
    expect(shown(take())).toBe("a remark\n… nap: 88 s left, and 1 more");
    view.done("a");
    expect(shown(take())).toBe("… approve: waiting");
    view.done("b");
    expect(shown(take())).toBe("");
    vi.advanceTimersByTime(5_000);
    expect(take()).toBe("");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("nothing is drawn while a person may be typing", () => {
    const { view, take } = live();
    view.wait("a", "nap", START + 90_000);
    view.typing(true);
    expect(shown(take())).toBe("");
    vi.advanceTimersByTime(5_000);
    expect(take()).toBe("");
    view.typing(false);
    expect(shown(take())).toBe("… nap: 85 s left");
  });

  test("closing leaves a clean line and no timer", () => {
    const { view, take } = live();
    view.wait("a", "nap", START + 90_000);
    view.close();
    expect(shown(take())).toBe("");
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("whatever is in a name, what is printed of it moves no cursor and turns no text round", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    }),
    { numRuns: 1_000 },
  );
  expect(printable("a\u001b[2J\u202eb\n名")).toBe("a\\u001b[2J\\u202eb\\u000a名");
});
