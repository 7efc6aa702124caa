/** Follows a run: shows what happens on the screen, and brings callback tasks to the desk. */
import type { HistoryEvent } from "../../engine/index.ts";
import { isObject } from "../../fdl/json.ts";
import type { CallbackDesk } from "./callback-desk.ts";
import type { Transit, WaitingTask, Watcher } from "./engine.ts";
import { places } from "./places.ts";
import { linesOf } from "./progress.ts";
import type { Screen } from "./screen.ts";

export interface WatchOptions {
  readonly screen: Screen;
  readonly desk: CallbackDesk;
  /** True for a step that waits for a report from outside. */
  isCallback(flow: string, step: string): boolean;
  quiet(): void;
}

export function watch({ screen, desk, isCallback, quiet }: WatchOptions): Watcher {
  let main: string | undefined;
  const where = places(() => main);
  /** Tokens of tasks that are known to wait, by start id and branch. */
  const waiting = new Map<string, string>();

  function waits(task: WaitingTask): void {
    if (waiting.get(task.key) === task.token) return;
    waiting.set(task.key, task.token);
    desk.waits(task);
  }

  return {
    started({ flow, name, startId }) {
      main = startId;
      screen.say(`${flow}/${name} runs`);
    },
    found({ flow, name, startId }, remark) {
      main = startId;
      screen.say(`${flow}/${name} ${remark}`);
    },
    waits,
    note: (line) => screen.say(`warning: ${line}`),
    quiet,
    transit(transit) {
      const { startId, branch, events, effect } = transit;
      const key = `${startId}/${branch}`;
      const token = tokenOf(events);
      screen.done(key);
      if (token === undefined || token.token !== waiting.get(key)) {
        desk.left(key);
        waiting.delete(key);
      }
      const lines = linesOf(transit, where);
      for (const line of lines) screen.line(line);
      const place = lines.at(-1)?.place ?? "";
      switch (effect.kind) {
        case "timer":
          screen.wait(key, place, effect.due);
          return;
        case "awaitVerdict": {
          screen.wait(key, place, effect.due);
          if (token !== undefined && isCallback(transit.flow, token.step)) waits({ key, ...token });
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
