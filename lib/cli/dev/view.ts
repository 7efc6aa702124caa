/**
 * What `stepwell dev` shows of the executions: a line for each start, step and end, on stderr as `stepwell run` does, or a
 * JSON document a line on stdout. A line stands there only once what it says is on disk.
 */
import type { Header } from "../../runtime/ports/journal.ts";
import { causeText } from "../run/cause.ts";
import { duration } from "../run/duration.ts";
import type { Transit } from "../run/engine.ts";
import { type Places, places } from "../run/places.ts";
import { linesOf, type Tone } from "../run/progress.ts";
import { COLORS, printable, RESET } from "../run/screen.ts";
import type { Terminal } from "../terminal.ts";
import { lineWriter } from "./lines.ts";
import { shortName, timeOfDay } from "./names.ts";

export interface DevView {
  /** Nothing of executions is shown. */
  readonly quiet: boolean;
  /** A transition was recorded. */
  transit(transit: Transit): void;
  /** An execution has ended. */
  ended(header: Header): void;
  /** A function printed a line. */
  printed(line: FunctionLine): void;
  /** Something that belongs to no execution. */
  say(text: string): void;
  /** Writes what is left. */
  flush(): void;
}

/** A line that a function printed, and for which execution. */
export interface FunctionLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  readonly function?: string;
  readonly flow?: string;
  readonly execution?: string;
}

export interface ViewOptions {
  readonly terminal: Terminal;
  /** What happens to executions is not shown; what functions print is. */
  readonly quiet: boolean;
  /** Everything as JSON on stdout. */
  readonly json: boolean;
  /** Resolves when all that was recorded so far is on disk. */
  durable(): Promise<void>;
}

/** Longest name that others are aligned with, characters. */
const WIDEST = 24;

export function devView({ terminal, quiet, json, durable }: ViewOptions): DevView {
  const out = lineWriter(terminal.out);
  const err = lineWriter(terminal.err);
  /** By start id, while an execution runs. */
  const strands = new Map<string, Places>();

  /** Names in a column of their own, as wide as they are but for very long ones. */
  let width = 0;
  function column(flow: string, execution: string): string {
    const name = printable(shortName(flow, execution));
    width = Math.max(width, Math.min(name.length, WIDEST));
    return name.padEnd(width);
  }

  /** Nothing is said that a crash could make untrue. A store that failed is told of elsewhere. */
  function whenDurable(say: () => void): void {
    durable().then(say, () => {});
  }

  function line(time: number, execution: string, tone: Tone, text: string): void {
    const color = terminal.color ? COLORS[tone] : "";
    err.line(`${timeOfDay(time)}  ${execution}  ${color}${text}${color === "" ? "" : RESET}`);
  }

  function document(value: object): void {
    out.line(JSON.stringify(value));
  }

  function showTransit(transit: Transit): () => void {
    const { startId, flow, execution, branch, events } = transit;
    if (json) {
      return () => {
        for (const { time, type, step, detail } of events)
          document({ time, event: type, flow, execution, startId, branch, step, detail });
      };
    }
    const where = strands.get(startId) ?? places(() => startId);
    strands.set(startId, where);
    const lines = linesOf(transit, where);
    const started = events.find(({ type }) => type === "ExecutionStarted");
    return () => {
      if (started !== undefined) line(started.time, printable(`${flow}/${execution}`), "plain", "started");
      for (const { time, tone, mark, place, text } of lines) {
        const said = text === "" ? "" : `  ${printable(text)}`;
        line(time, column(flow, execution), tone, `${mark} ${printable(place)}${said}`);
      }
    };
  }

  return {
    quiet,
    transit: (transit) => whenDurable(showTransit(transit)),
    ended({ flow, ref, startId, status, startedAt, endedAt = startedAt, error = "", cause = "" }) {
      strands.delete(startId);
      const name = printable(`${flow}/${ref.name}`);
      whenDurable(() => {
        if (json) {
          document({ time: endedAt, event: "ended", flow, execution: ref.name, startId, status, error, cause });
          return;
        }
        const elapsed = duration(endedAt - startedAt);
        if (status === "Succeeded") {
          line(endedAt, name, "good", `succeeded in ${elapsed}`);
          return;
        }
        const why = [error, causeText(cause)].filter((text) => text !== "").join(": ");
        line(endedAt, name, "bad", printable(`${status} after ${elapsed}${why === "" ? "" : `  ${why}`}`));
      });
    },
    printed({ function: name, flow, execution, stream, text }) {
      if (json) {
        document({ time: Date.now(), event: "printed", function: name, flow, execution, stream, text });
        return;
      }
      const who = flow === undefined || execution === undefined ? "" : `${column(flow, execution)}  `;
      err.line(`${timeOfDay(Date.now())}  ${who}${name ?? "functions"} | ${text}`);
    },
    say(text) {
      if (json) document({ time: Date.now(), event: "note", text });
      else err.line(text.split("\n").map(printable).join("\n"));
    },
    flush() {
      out.flush();
      err.flush();
    },
  };
}
