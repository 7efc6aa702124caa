/** Follows a run: shows what happens on the screen, and brings callback tasks to the desk. */
import type { HistoryEvent } from "../../engine/index.ts";
import { isObject } from "../../fdl/json.ts";
import type { CallbackDesk } from "./callback-desk.ts";
import type { Transit, Watcher } from "./engine.ts";
import { places } from "./places.ts";
import { linesOf } from "./progress.ts";
import type { Screen } from "./screen.ts";

export interface WatchOptions {
  readonly screen: Screen;
  readonly desk: CallbackDesk;
  quiet(): void;
}

export function watch({ screen, desk, quiet }: WatchOptions): Watcher {
  let main: string | undefined;
  const where = places(() => main);
  /** Branches whose task was submitted and waits for a report from outside. */
  const callbacks = new Set<string>();

  return {
    started({ flow, name, startId }) {
      main = startId;
      screen.say(`${flow}/${name} runs`);
    },
    note: (line) => screen.say(`warning: ${line}`),
    quiet,
    transit(transit) {
      const { startId, branch, events, effect } = transit;
      const key = `${startId}/${branch}`;
      screen.done(key);
      desk.left(key);
      const lines = linesOf(transit, where);
      for (const line of lines) screen.line(line);
      const place = lines.at(-1)?.place ?? "";
      switch (effect.kind) {
        case "submit":
          if (effect.pattern === "waitForCallback") callbacks.add(key);
          else callbacks.delete(key);
          return;
        case "timer":
          screen.wait(key, place, effect.due);
          return;
        case "awaitVerdict": {
          screen.wait(key, place, effect.due);
          const token = tokenOf(events);
          if (callbacks.has(key) && token !== undefined) desk.waits({ key, ...token });
          return;
        }
        default:
      }
    },
  };
}

function tokenOf(events: Transit["events"]): { readonly step: string; readonly token: string } | undefined {
  const submitted: HistoryEvent | undefined = events.findLast((event) => event.type === "TaskSubmitted");
  const output = submitted?.detail.output;
  const token = isObject(output) ? output.taskToken : undefined;
  return submitted !== undefined && typeof token === "string" ? { step: submitted.step, token } : undefined;
}
