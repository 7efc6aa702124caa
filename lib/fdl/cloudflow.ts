/** Recognises the definitions of CloudFlow, FnF's successor, which are another language (fdl.md §9.2). */
import { type SourceNode, scalarOf } from "./source.ts";

const FIRST_WORDS: ReadonlySet<string> = new Set(["States", "StartAt", "SpecVersion"]);

/** Where the key stands that tells a CloudFlow definition; undefined for any other. */
export function cloudFlowMark(root: SourceNode): number | undefined {
  if (root.kind !== "map") return undefined;
  const mark = root.entries.find(
    ({ key, value }) => FIRST_WORDS.has(key) || (/^type$/i.test(key) && scalarOf(value) === "StateMachine"),
  );
  return mark?.at;
}
