/** The flows of a run: the one to run, and those that its sub-flow tasks may start. */
import type { Flow, TaskStep } from "../../fdl/definition.ts";
import { stepsWithin } from "../../fdl/nested-lists.ts";
import { type FlowFile, flowNameOf, printProblems, readFlowFile } from "../flow-file.ts";
import { resourceText } from "../resource-text.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage.ts";
import type { NamedFile } from "./named-file.ts";

export interface RunFlows {
  readonly main: string;
  readonly files: ReadonlyMap<string, FlowFile>;
}

/** Reads and checks all of them. Undefined when one is invalid: its problems have been printed. */
export async function readFlows(
  terminal: Terminal,
  path: string,
  others: readonly NamedFile[],
  quiet: boolean,
): Promise<RunFlows | undefined> {
  const main = flowNameOf(path);
  const named = [{ name: main, path }, ...others];
  const files = new Map<string, FlowFile>();
  for (const [index, { name, path }] of named.entries()) {
    if (files.has(name)) {
      const first = index > 0 && name === main ? "is the flow that runs, by its file's name" : "is given twice";
      throw new UsageError(`flow "${name}" ${first}: give the other one another name`);
    }
    files.set(name, await readFlowFile(path));
  }
  const all = [...files.values()];
  const valid = all.every((file) => file.flow !== undefined);
  if (!valid || !quiet) for (const file of all) printProblems(terminal, file);
  return valid ? { main, files } : undefined;
}

/** Function tasks of the flows, as `step "pay" calls shop/pay`; empty when no functions are needed. */
export function functionCalls({ files }: RunFlows): readonly string[] {
  const tasks = [...files.values()].flatMap((file) => tasksOf(file.flow));
  return tasks
    .filter(({ resource }) => resource.kind === "fc" || resource.kind === "function")
    .map((step) => `step "${step.name}" calls ${resourceText(step)}`);
}

/** Names of the steps that wait for a report. */
export function callbackSteps({ files }: RunFlows): readonly string[] {
  return [...files.values()].flatMap(({ flow }) => callbacksOf(flow));
}

/** Names of a flow's steps that wait for a report. */
export function callbacksOf(flow: Flow | undefined): readonly string[] {
  return tasksOf(flow).flatMap(({ pattern, name }) => (pattern === "waitForCallback" ? [name] : []));
}

/** Names of flows that sub-flow tasks start and that are not there. */
export function missingFlows({ files }: RunFlows): readonly string[] {
  const started = [...files.values()].flatMap(({ flow }) => startedBy(flow));
  return [...new Set(started)].filter((name) => !files.has(name));
}

/** Names of the flows that a flow's tasks start, as far as they are not computed. */
export function startedBy(flow: Flow | undefined): readonly string[] {
  return tasksOf(flow).flatMap(({ resource }) =>
    resource.kind === "flow" && resource.flow !== undefined ? [resource.flow] : [],
  );
}

function tasksOf(flow: Flow | undefined): readonly TaskStep[] {
  return flow === undefined ? [] : [...stepsWithin(flow.steps)].filter((step) => step.type === "task");
}
