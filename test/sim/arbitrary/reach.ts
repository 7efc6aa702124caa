/** Leaves out steps of a list that nothing goes on to: the parser would warn of them. */
import { type JsonObject, own } from "../../../lib/fdl/json.ts";

/** A step as it is written, and what the list knows of it. */
export interface Written {
  readonly name: string;
  readonly step: JsonObject;
  /** False when the step after it can only be jumped to. */
  readonly goesOn: boolean;
  readonly targets: readonly string[];
}

/** The steps of a list that may be reached from its first. */
export function reached(list: readonly Written[]): readonly JsonObject[] {
  const index = new Map(list.map(({ name }, at) => [name, at]));
  const seen = new Set<number>();
  const pending = [0];
  for (const at of pending) {
    const written = list[at];
    if (written === undefined || seen.has(at)) continue;
    seen.add(at);
    if (written.goesOn) pending.push(at + 1);
    for (const target of written.targets) pending.push(index.get(target) ?? list.length);
  }
  return list.filter((_, at) => seen.has(at)).map(({ step }) => step);
}

/** A step that is plainly followed by the next, unless it ends its list. */
export function plain(step: JsonObject): Written {
  const type = own(step, "type");
  const ends = type === "succeed" || type === "fail" || own(step, "end") === true;
  return { name: String(own(step, "name")), step, goesOn: !ends, targets: [] };
}
