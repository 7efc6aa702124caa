/** What a run is given: flows, input, functions, answers, all checked before anything happens. */
import type { ChildFunctions } from "../../local/functions/child-functions.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage.ts";
import type { Answer } from "./answers.ts";
import { checkFunctions } from "./check-functions.ts";
import type { RunRequest } from "./engine.ts";
import { callbackSteps, callbacksOf, missingFlows, type RunFlows, readFlows } from "./flows.ts";
import { readInput } from "./input.ts";
import type { RunOptions } from "./run.ts";
import type { Screen } from "./screen.ts";

/** Reads and checks all of it. Undefined when a definition is invalid: its problems were printed. Throws UsageError for anything else. */
export async function prepare(
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
  const callbacks = new Map([...flows.files].map(([name, file]) => [name, callbacksOf(file.flow)]));
  return {
    flows: definitions,
    flow: flows.main,
    input,
    ...(name === undefined ? {} : { name }),
    isCallback: (flow, step) => callbacks.get(flow)?.includes(step) ?? false,
  };
}

function checkAnswers(flows: RunFlows, answers: readonly Answer[]): void {
  const steps = callbackSteps(flows);
  const unknown = answers.find(({ step }) => step !== undefined && !steps.includes(step));
  if (unknown === undefined) return;
  const there = steps.length === 0 ? "no step does" : `these do: ${steps.join(", ")}`;
  throw new UsageError(`--report: no step "${unknown.step}" waits for a report (pattern: waitForCallback); ${there}`);
}
