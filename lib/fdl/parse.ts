/** From the text of a definition to a checked flow, or to all that is wrong with it (fdl.md §1, §3, §5, §9.2, §10, §12). */
import { checkJumps, checkNames } from "./check-lists.ts";
import { checkReach } from "./check-reach.ts";
import { cloudFlowMark } from "./cloudflow.ts";
import type { Flow, Parsed } from "./definition.ts";
import { positionsIn } from "./position.ts";
import { type Finding, problemsOf } from "./problem.ts";
import { readFlow } from "./schema/flow.ts";
import type { Run } from "./schema/kind.ts";
import { readStep } from "./schema/step.ts";
import { readYaml } from "./yaml-source.ts";

export { formatProblem } from "./problem.ts";

/**
 * Parses and checks a definition: YAML, or JSON as a part of it. Never throws because of the text; reports every
 * problem, in the order of the text.
 *
 * @example
 * const { flow, problems } = parseFlow(text);
 * for (const problem of problems) console.error(formatProblem(problem, "flow.yml"));
 */
export function parseFlow(text: string): Parsed {
  const findings: Finding[] = [];
  const positionOf = positionsIn(text);
  const lineOf = (at: number) => positionOf(at).line;
  const run: Run = { text, findings, lists: [], positions: new Map(), lineOf, readStep };
  const flow = read(run);
  const problems = problemsOf(findings, positionOf);
  return flow === undefined ? { problems } : { flow, problems };
}

/** The flow, if nothing is an error. */
function read(run: Run): Flow | undefined {
  const { text, findings, lineOf } = run;
  const report = (at: number, message: string, severity: Finding["severity"] = "error") => {
    findings.push({ severity, at, message });
  };
  const root = readYaml({ text, report, lineOf });
  if (root === undefined) return undefined;
  const mark = cloudFlowMark(root);
  if (mark !== undefined) {
    report(
      mark,
      "This is a CloudFlow definition (StateMachine), which is not supported: a flow has version: v1 and type: flow.",
    );
    return undefined;
  }
  const flow = readFlow(root, { run, list: { where: "", names: [], jumps: [] }, label: "A definition" });
  checkNames(run);
  checkJumps(run);
  if (flow === undefined || findings.some(({ severity }) => severity === "error")) return undefined;
  checkReach(flow, run);
  return flow;
}
