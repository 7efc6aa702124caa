/** Large values stand in a document once, however many snapshots repeat them; a path says where each belongs. */
import type { ExecutionDocument, LargePlace } from "./document.ts";

type PathStep = string | number;

/** A value on the way of a walk; users' values may nest deeper than functions can call each other. */
interface Step {
  readonly value: unknown;
  readonly parent?: Step;
  readonly key: PathStep;
}

/** Puts null where marks stand and returns the places. `hashOf` tells the hash of an object that is a mark. */
export function setApart(document: object, hashOf: (value: object) => string | undefined): readonly LargePlace[] {
  const places: LargePlace[] = [];
  const steps: Step[] = [{ value: document, key: "" }];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { value, parent, key } = step;
    if (typeof value !== "object" || value === null) continue;
    const hash = hashOf(value);
    if (hash !== undefined && parent !== undefined) {
      set(parent.value, key, null);
      places.push([pathOf(step), hash]);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) steps.push({ value: item, parent: step, key: index });
    } else {
      for (const [name, item] of Object.entries(value)) steps.push({ value: item, parent: step, key: name });
    }
  }
  return places.reverse();
}

/** Puts the values into their places, in the document itself. Equal values are one object. False: a place or a value is not there. */
export function putBack(document: ExecutionDocument): boolean {
  const { places, values } = document;
  return places.every(([path, hash]) => {
    if (!Array.isArray(path) || !Object.hasOwn(values, hash)) return false;
    let node: unknown = document;
    for (const step of path.slice(0, -1)) node = ownValue(node, step);
    const last: PathStep | undefined = path.at(-1);
    if (last === undefined || ownValue(node, last) !== null) return false;
    set(node, last, values[hash]);
    return true;
  });
}

function pathOf(step: Step): PathStep[] {
  const path: PathStep[] = [];
  for (let at = step; at.parent !== undefined; at = at.parent) path.push(at.key);
  return path.reverse();
}

function ownValue(node: unknown, step: PathStep): unknown {
  return typeof node === "object" && node !== null && Object.hasOwn(node, step) ? Reflect.get(node, step) : undefined;
}

/** Not by assignment: a key may be called `__proto__`. */
function set(node: unknown, key: PathStep, value: unknown): void {
  if (typeof node !== "object" || node === null) return;
  Object.defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true });
}
