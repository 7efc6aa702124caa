/** A flow's definition as a file. */
import { basename } from "node:path";
import type { Flow, Problem } from "../fdl/definition.ts";
import { formatProblem, parseFlow } from "../fdl/parse.ts";
import { readText } from "./read-text.ts";
import type { Terminal } from "./terminal.ts";

export interface FlowFile {
  readonly path: string;
  readonly text: string;
  /** Absent when the definition is invalid. */
  readonly flow?: Flow;
  readonly problems: readonly Problem[];
}

/** Reads and checks a definition. Throws UsageError when the file cannot be read. */
export async function readFlowFile(path: string): Promise<FlowFile> {
  const text = await readText(path);
  return { path, text, ...parseFlow(text) };
}

/** The flow's name when it has no other: the file's, without its extensions (fdl.md §10 row 61). */
export function flowNameOf(path: string): string {
  const file = basename(path);
  return file.match(/^(\.*[^.]+)/)?.[1] ?? file;
}

/** Prints what was found in the file, errors and warnings, a line each. */
export function printProblems(terminal: Terminal, { path, problems }: FlowFile): void {
  for (const problem of problems) terminal.err(`${formatProblem(problem, path)}\n`);
}
