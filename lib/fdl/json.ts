/**
 * JSON values as the language sees them, and the two operations on objects that must not be done by hand:
 * user data may have keys such as `__proto__` and `constructor`, which plain reads and writes mistake for the prototype's.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object: not null, not an array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a JSON array. (`Array.isArray` would make its elements `any`.) */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value of an own key, or undefined; never the prototype's. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets an own key of an object under construction, also when it is called `__proto__`. */
export function setOwn(object: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}

/** Shallow union of two objects, the second one's keys win (fdl.md §2.2). */
export function merge(first: JsonObject, second: JsonObject): JsonObject {
  return { ...first, ...second };
}
