/** Stepping through a replay: commands are lines of standard input, typed or piped. */
import { createInterface } from "node:readline";
import { printable } from "../run/screen.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage.ts";
import { entryLines, jsonText } from "./entry-text.ts";
import type { Replay } from "./replay.ts";
import { indexOfPlace, parsePlace } from "./target.ts";

const HELP = `n, next, or an empty line   the next entry
p, previous                 the one before
NUMBER                      the entry with that number in the list
BRANCH:SEQ                  the entry there, for example root:3 or 3.0:2
s, state                    the branch's state after the entry
e, effect                   what the entry wants done
v, event                    what the entry recorded
l, list                     all entries
q, quit
`;

/** Until the input ends or the user quits. Begins at the entry with that index. */
export async function inspect(terminal: Terminal, replay: Replay, since: number, begin: number): Promise<void> {
  const { entries } = replay;
  const asks = "isTTY" in terminal.stdin && terminal.stdin.isTTY === true;
  let at = begin;

  function show(index: number): void {
    at = index;
    const replayed = entries[at];
    if (replayed === undefined) return;
    terminal.out(`[${at + 1}/${entries.length}] ${entryLines(replayed, since).join("\n").trimStart()}\n`);
  }

  function prompt(): void {
    if (asks) terminal.err("replay> ");
  }

  /** False: the user has had enough. */
  function obey(command: string): boolean {
    const replayed = entries[at];
    switch (command) {
      case "":
      case "n":
      case "next":
        if (at + 1 < entries.length) show(at + 1);
        else terminal.out("this is the last entry\n");
        return true;
      case "p":
      case "previous":
        if (at > 0) show(at - 1);
        else terminal.out("this is the first entry\n");
        return true;
      case "s":
      case "state":
        terminal.out(`${jsonText(replayed?.transition?.state ?? null)}\n`);
        return true;
      case "e":
      case "effect":
        terminal.out(`${jsonText(replayed?.transition?.effect ?? null)}\n`);
        return true;
      case "v":
      case "event":
        terminal.out(`${jsonText(replayed?.event ?? null)}\n`);
        return true;
      case "l":
      case "list":
        for (const [index, one] of entries.entries()) {
          const [line = ""] = entryLines(one, since);
          const mark = one.differences.length > 0 ? "  ✗" : "";
          terminal.out(`${index === at ? ">" : " "}${String(index + 1).padStart(5)}${line}${mark}\n`);
        }
        return true;
      case "q":
      case "quit":
        return false;
      case "h":
      case "?":
      case "help":
        terminal.out(HELP);
        return true;
      default:
        show(indexOf(command));
        return true;
    }
  }

  function indexOf(command: string): number {
    if (command.includes(":")) return indexOfPlace(entries, parsePlace(command));
    const number = /^\d+$/.test(command) ? Number(command) : 0;
    if (number >= 1 && number <= entries.length) return number - 1;
    throw new UsageError(
      number > 0 || command === "0"
        ? `there is no entry ${command}: there are 1 to ${entries.length}`
        : `"${printable(command)}" is no command; these are:\n${HELP.trimEnd()}`,
    );
  }

  show(at);
  prompt();
  const lines = createInterface({ input: terminal.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    try {
      if (!obey(line.trim())) break;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      terminal.out(`${error.message}\n`);
    }
    prompt();
  }
  lines.close();
}
