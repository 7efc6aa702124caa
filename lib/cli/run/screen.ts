/** Where progress is written: lines on stderr and, when a person watches, one last line that counts down what is waited for. */
import type { Terminal } from "../terminal.ts";
import { duration } from "./duration.ts";
import type { Line, Tone } from "./progress.ts";

export interface Screen {
  line(line: Line): void;
  /** A remark that belongs to no step. */
  say(text: string): void;
  /** What a person typed for stays as it is: text for the terminal, unchanged, on lines of its own. */
  raw(text: string): void;
  /** Something is waited for until then (ms; undefined: nobody knows), under a key. */
  wait(key: string, place: string, due: number | undefined): void;
  done(key: string): void;
  /** A person may be typing: nothing is drawn over what stands there. */
  typing(on: boolean): void;
  close(): void;
}

export const COLORS: { readonly [tone in Tone]: string } = {
  plain: "",
  good: "\u001b[32m",
  bad: "\u001b[31m",
  faint: "\u001b[2m",
};
export const RESET = "\u001b[0m";
const CLEAR = "\r\u001b[K";
const REFRESH_MS = 1_000;

export interface ScreenOptions {
  readonly quiet: boolean;
  readonly startedAt: number;
}

export function screen(terminal: Terminal, { quiet, startedAt }: ScreenOptions): Screen {
  const waits = new Map<string, { readonly place: string; readonly due: number | undefined }>();
  let drawn = false;
  let typing = false;
  let timer: NodeJS.Timeout | undefined;

  function write(text: string): void {
    terminal.err(`${drawn ? CLEAR : ""}${text}\n`);
    drawn = false;
    draw();
  }

  function draw(): void {
    if (quiet || !terminal.live) return;
    const first = [...waits.values()].toSorted((a, b) => (a.due ?? Infinity) - (b.due ?? Infinity))[0];
    if (first === undefined || typing) {
      if (drawn) terminal.err(CLEAR);
      drawn = false;
      clearInterval(timer);
      timer = undefined;
      return;
    }
    const left =
      first.due === undefined
        ? "waiting"
        : `${duration(Math.ceil(Math.max(0, first.due - Date.now()) / 1000) * 1000)} left`;
    const more = waits.size > 1 ? `, and ${waits.size - 1} more` : "";
    terminal.err(`${CLEAR}… ${printable(first.place)}: ${left}${more}`);
    drawn = true;
    timer ??= setInterval(draw, REFRESH_MS);
  }

  return {
    line({ time, tone, mark, place, text }) {
      if (quiet) return;
      const since = `${(Math.max(0, time - startedAt) / 1000).toFixed(3)} s`.padStart(10);
      const color = terminal.color ? COLORS[tone] : "";
      write(
        `${since}  ${color}${mark} ${printable(place)}${text === "" ? "" : `  ${printable(text)}`}${color === "" ? "" : RESET}`,
      );
    },
    say(text) {
      if (!quiet) write(text.split("\n").map(printable).join("\n"));
    },
    raw: (text) => write(text),
    wait(key, place, due) {
      waits.set(key, { place, due });
      draw();
    },
    done(key) {
      if (waits.delete(key)) draw();
    },
    typing(on) {
      if (typing === on) return;
      typing = on;
      draw();
    },
    close() {
      waits.clear();
      draw();
    },
  };
}

/** A text of the user's without what a terminal would act on. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}
