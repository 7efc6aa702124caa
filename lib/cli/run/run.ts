/** `stepwell run FLOW`: one execution of a flow in this process. */
import type { ChildFunctions } from "../../local/functions/child-functions.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT, UsageError } from "../usage.ts";
import type { Answer } from "./answers.ts";
import { callbackDesk } from "./callback-desk.ts";
import { embeddedEngine } from "./embedded-engine.ts";
import type { Ended, Engine, RunRequest } from "./engine.ts";
import { callbackSteps, missingFlows, type RunFlows, readFlows } from "./flows.ts";
import { readInput, readsStdin } from "./input.ts";
import type { NamedFile } from "./named-file.ts";
import { printedDestinations } from "./printed-destinations.ts";
import { printResult } from "./result.ts";
import { checkFunctions, startFunctions } from "./run-functions.ts";
import { type Screen, screen } from "./screen.ts";
import { watch } from "./watch.ts";

export interface RunOptions {
  readonly input: string;
  readonly functions?: string;
  readonly flow: readonly NamedFile[];
  readonly name?: string;
  /** In the order of the command line. */
  readonly answers: readonly Answer[];
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * Returns the exit code: 0 Succeeded, 1 any other end, 2 an invalid definition (its problems were printed), 128 + n after
 * signal n. Throws UsageError for what else is wrong with the call.
 */
export async function run(terminal: Terminal, path: string, options: RunOptions): Promise<number> {
  const startedAt = Date.now();
  const view = screen(terminal, { quiet: options.quiet, startedAt });
  const started: { engine?: Engine } = {};
  // First of all: the process starts while the flow is read.
  const functions =
    options.functions === undefined
      ? undefined
      : startFunctions({
          module: options.functions,
          show: view.raw,
          report: async (token, result) => started.engine?.reportCall(token, result),
        });
  try {
    const request = await prepare(terminal, view, path, options, functions);
    if (request === undefined) return EXIT.usage;
    const { ended, signal, stuck } = await execute(terminal, view, request, options, functions, started);
    view.close();
    if (stuck.length > 0) throw new UsageError(stuckText(stuck));
    printResult(terminal, ended, { json: options.json, quiet: options.quiet, elapsedMs: Date.now() - startedAt });
    if (signal !== undefined) return 128 + signal;
    return ended.status === "Succeeded" ? EXIT.ok : EXIT.failed;
  } finally {
    view.close();
    await functions?.close();
  }
}

/** Reads and checks all that was given. Undefined when a definition is invalid. */
async function prepare(
  terminal: Terminal,
  view: Screen,
  path: string,
  { flow: others, quiet, input: inputArgument, functions: module, name, answers }: RunOptions,
  functions: ChildFunctions | undefined,
): Promise<RunRequest | undefined> {
  const flows = await readFlows(terminal, path, others, quiet);
  if (flows === undefined) return undefined;
  for (const name of missingFlows(flows))
    view.say(`warning: there is no flow "${name}": give it with --flow ${name}=FILE`);
  checkAnswers(flows, answers);
  const input = await readInput(inputArgument, terminal.stdin);
  await checkFunctions(flows, functions, module);
  const definitions = new Map([...flows.files].map(([name, file]) => [name, file.text]));
  return { flows: definitions, flow: flows.main, input, ...(name === undefined ? {} : { name }) };
}

function checkAnswers(flows: RunFlows, answers: readonly Answer[]): void {
  const steps = callbackSteps(flows);
  const unknown = answers.find(({ step }) => step !== undefined && !steps.includes(step));
  if (unknown === undefined) return;
  const there = steps.length === 0 ? "no step does" : `these do: ${steps.join(", ")}`;
  throw new UsageError(`--report: no step "${unknown.step}" waits for a report (pattern: waitForCallback); ${there}`);
}

interface Outcome {
  readonly ended: Ended;
  /** Number of the signal that stopped it. */
  readonly signal: number | undefined;
  /** Steps that it was stopped for: they waited for reports that could not come. */
  readonly stuck: readonly string[];
}

async function execute(
  terminal: Terminal,
  view: Screen,
  request: RunRequest,
  { answers, input }: RunOptions,
  functions: ChildFunctions | undefined,
  started: { engine?: Engine },
): Promise<Outcome> {
  let signal: number | undefined;
  let stuck: readonly string[] = [];
  const desk = callbackDesk({
    answers,
    ...(readsStdin(input) ? {} : { stdin: terminal.stdin }),
    report: (token, verdict) => engine.report(token, verdict),
    say: view.say,
    onEnd: giveUpIfStuck,
  });
  const engine = embeddedEngine({
    ...(functions === undefined ? {} : { functions }),
    destinations: printedDestinations(view.say),
    watcher: watch({ screen: view, desk, quiet: giveUpIfStuck }),
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

function stuckText(steps: readonly string[]): string {
  const [first] = steps;
  const names = [...new Set(steps)].map((step) => `"${step}"`).join(", ");
  return (
    `${steps.length === 1 ? "step" : "steps"} ${names} wait${steps.length === 1 ? "s" : ""} for a report and standard input has ended: the run was stopped.\n` +
    `Give the report beforehand: --report '${first}={"key":"value"}' or --report-fail '${first}=ERROR:CAUSE'`
  );
}
