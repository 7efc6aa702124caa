/** Names and jumps of all lists of steps, once all names are known (fdl.md §1.3, §5). */
import { quote } from "./problem.ts";
import type { Run, StepList } from "./schema/kind.ts";
import { didYouMean } from "./spelling.ts";

/** A name stands for one step of its list; other lists may use it again. */
export function checkNames({ lists, findings, lineOf }: Run): void {
  for (const { names } of lists) {
    const first = new Map<string, number>();
    for (const { name, at } of names) {
      const known = first.get(name);
      if (known === undefined) first.set(name, at);
      else {
        const message = `The list already has a step ${quote(name)}, on line ${lineOf(known)}: names are unique within a list.`;
        findings.push({ severity: "error", at, step: name, message });
      }
    }
  }
}

/** So many wrong targets get a suggestion: looking for one compares with all siblings. */
const MAX_SUGGESTIONS = 100;

/** A `goto` reaches the steps of its own list only. */
export function checkJumps({ lists, findings }: Run): void {
  const elsewhere = new Map<string, StepList>();
  for (const list of lists) {
    for (const { name } of list.names) if (!elsewhere.has(name)) elsewhere.set(name, list);
  }
  let wrong = 0;
  for (const { names, jumps } of lists) {
    const siblings = new Set(names.map(({ name }) => name));
    for (const { target, ...jump } of jumps) {
      if (siblings.has(target)) continue;
      wrong += 1;
      const other = elsewhere.get(target);
      const hint =
        other === undefined ? (wrong > MAX_SUGGESTIONS ? "" : didYouMean(target, siblings)) : whereElse(target, other);
      const message = `"goto" must name a step of the list that the jumping step stands in; ${quote(target)} is none.${hint}`;
      findings.push({ severity: "error", message, ...jump });
    }
  }
}

function whereElse(target: string, { owner }: StepList): string {
  const where = owner === undefined ? "at the flow's top level" : `inside step ${quote(owner)}`;
  return ` There is a step ${quote(target)} ${where}, which cannot be jumped to from here.`;
}
