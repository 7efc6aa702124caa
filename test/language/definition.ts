/** Definitions as the suite writes them: a list of steps, or a document without its first two lines. */
import type { Flow } from "../../lib/fdl/definition.ts";
import { parseFlow } from "../../lib/fdl/parse.ts";

/** A whole definition out of a list of steps, or out of a document that lacks `version` and `type`. Steps begin in line 4, column 3. */
export function document(text: string): string {
  const lines = dedent(text).split("\n");
  if (/^[-[]/.test(lines[0] ?? ""))
    return `version: v1\ntype: flow\nsteps:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
  return `version: v1\ntype: flow\n${lines.join("\n")}\n`;
}

/** The flow of a definition that is expected to be right; its warnings do not matter. */
export function flowOf(definition: string): Flow {
  const { flow, problems } = parseFlow(definition);
  if (flow === undefined)
    throw new Error(`The definition is wrong: ${problems.map(({ message }) => message).join("; ")}\n${definition}`);
  return flow;
}

/** The column of a part of the first line of a list of steps, in the whole definition. */
export function columnOf(text: string, part: string): number {
  const column = document(text).split("\n")[3]?.indexOf(part) ?? -1;
  if (column < 0) throw new Error(`"${part}" does not stand in the text.`);
  return column + 1;
}

/** Problems of a text as `line:column severity step: message`. */
export function problems(text: string): readonly string[] {
  return problemsOf(document(text));
}

/** Problems of a whole definition. */
export function problemsOf(definition: string): readonly string[] {
  return parseFlow(definition).problems.map(
    ({ line, column, severity, step, message }) =>
      `${line}:${column} ${severity}${step === undefined ? "" : ` ${step}`}: ${message}`,
  );
}

function dedent(text: string): string {
  const lines = text.replace(/^\n+|\s+$/g, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join("\n");
}
