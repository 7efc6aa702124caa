/** Names and jumps of all lists of steps, once all names are known (fdl.md §1.3, §5). */
import { quote } from "./problem.ts";
import type { Run } from "./schema/kind.ts";
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
const MAX_SUGGESTIONS = 20;

/** A `goto` reaches the steps of its own list only. */
export function checkJumps({ lists, findings }: Run): void {
  const elsewhere = new Map<string, string>();
  for (const list of lists) {
    for (const { name } of list.names) if (!elsewhere.has(name)) elsewhere.set(name, list.where);
  }
  let suggestions = MAX_SUGGESTIONS;
  for (const { names, jumps } of lists) {
    const siblings = new Set(names.map(({ name }) => name));
    for (const { target, ...jump } of jumps) {
      if (siblings.has(target)) continue;
      const where = elsewhere.get(target);
      let hint = "";
      if (where !== undefined) hint = ` There is one ${where}, but a goto reaches only steps of its own list.`;
      else if (suggestions-- > 0) hint = didYouMean(target, siblings);
      const message = `The list has no step ${quote(target)} to go to.${hint}`;
      findings.push({ severity: "error", message, ...jump });
    }
  }
}
