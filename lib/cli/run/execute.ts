/** One execution with all that belongs to it: the engine, the screen, the desk for callbacks, signals. */
import type { ChildFunctions } from "../../local/functions/child-functions.ts";
import type { Terminal } from "../terminal.ts";
import { callbackDesk } from "./callback-desk.ts";
import type { Ended, Engine, EngineParts, Left, RunRequest } from "./engine.ts";
import { readsStdin } from "./input.ts";
import { printedDestinations } from "./printed-destinations.ts";
import type { RunOptions } from "./run.ts";
import type { Screen } from "./screen.ts";
import { watch } from "./watch.ts";

export interface Outcome {
  readonly ended: Ended | Left;
  /** Number of the signal that stopped it. */
  readonly signal: number | undefined;
  /** Steps that it was stopped for: they waited for reports that could not come. */
  readonly stuck: readonly string[];
}

/** Runs it to its end, however that comes. */
export async function execute(
  terminal: Terminal,
  view: Screen,
  request: RunRequest,
  { answers, input }: RunOptions,
  functions: ChildFunctions | undefined,
  { engineFor, started }: { engineFor(parts: EngineParts): Engine; readonly started: { engine?: Engine } },
): Promise<Outcome> {
  let signal: number | undefined;
  let stuck: readonly string[] = [];
  const desk = callbackDesk({
    answers,
    ...(readsStdin(input) ? {} : { stdin: terminal.stdin }),
    report: (token, verdict) => engine.report(token, verdict),
    say: view.say,
    reading: view.typing,
    onEnd: giveUpIfStuck,
  });
  const engine = engineFor({
    ...(functions === undefined ? {} : { functions }),
    destinations: printedDestinations(view.say),
    watcher: watch({ screen: view, desk, isCallback: request.isCallback, quiet: giveUpIfStuck }),
  });
  started.engine = engine;

  function giveUpIfStuck(): void {
    if (stuck.length > 0 || !engine.quiet()) return;
    stuck = desk.hopeless();
    if (stuck.length > 0) void engine.stop("Stopped", "a callback task waited for a report that could not come");
  }

  const forget = terminal.onInterrupt((number, name) => {
    signal = number;
    void engine.stop("Interrupted", `stopped by ${name}`);
  });
  try {
    return { ended: await engine.run(request), signal, stuck };
  } finally {
    forget();
    desk.close();
  }
}

/** What to tell a user whose run was stopped because of these steps. */
export function stuckText(steps: readonly string[], what: "stopped" | "left"): string {
  const [first] = steps;
  const names = [...new Set(steps)].map((step) => `"${step}"`).join(", ");
  return (
    `${steps.length === 1 ? "step" : "steps"} ${names} wait${steps.length === 1 ? "s" : ""} for a report and standard input has ended: the run was ${what}.\n` +
    `Give the report beforehand: --report '${first}={"key":"value"}' or --report-fail '${first}=ERROR:CAUSE'`
  );
}
