/** Flows and their ends for tests of the reference interpreter, from YAML. */
import type { Flow } from "../../../fdl/definition.ts";
import type { JsonObject } from "../../../fdl/json.ts";
import { parseFlow } from "../../../fdl/parse.ts";
import { type Bounds, type End, endsOf, type ReferenceWorld } from "../ends.ts";

/** The flow of a definition, of one without its first two lines, or of a list of steps in JSON-like YAML. */
export function flowOf(text: string): Flow {
  const begun = /^\s*\[/.test(text) ? `steps: ${text}` : text;
  const isWhole = /^\s*\{/.test(begun) || /^version:/m.test(begun);
  const whole = isWhole ? begun : `version: v1\ntype: flow\n${begun}`;
  const { flow, problems } = parseFlow(whole);
  if (flow === undefined) throw new Error(problems.map(({ line, message }) => `line ${line}: ${message}`).join("\n"));
  return flow;
}

export interface Asked extends Partial<ReferenceWorld> {
  readonly input?: JsonObject;
  /** Texts of sub-flows by name. */
  readonly children?: Readonly<Record<string, string>>;
}

/** All ends of the flow, the undisturbed first. */
export function ends(text: string, asked: Asked = {}, bounds?: Bounds): readonly End[] {
  const { input = {}, children = {}, ...world } = asked;
  const flows = Object.fromEntries(Object.entries(children).map(([name, child]) => [name, flowOf(child)]));
  const names = { flow: "flow", execution: "execution" };
  return [...endsOf(flowOf(text), input, { flows, names, lost: 0, late: false, ...world }, bounds)];
}

/** The only end of the flow. */
export function end(text: string, asked: Asked = {}): End {
  const [only, ...more] = ends(text, asked);
  if (only === undefined || more.length > 0) throw new Error(`There are ${more.length + 1} ends.`);
  return only;
}

export const succeeded = (output: JsonObject): End => ({ status: "Succeeded", output });
export const failed = (error: string, cause?: string): End => ({
  status: "Failed",
  error,
  ...(cause !== undefined && { cause }),
});
