/** How large a value is as JSON text: what the limits on data are counted in (fdl.md §10 row 29, §12). */
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";

/** Sizes of arrays and objects measured before. They are immutable, so a size stays true as long as its value lives. */
const sizes = new WeakMap<object, number>();

/** Smaller values are measured again: that costs less than remembering each of them. */
const REMEMBERED = 512;

/** An array or object that is being measured: `size` counts all but `values[next]` and those behind it. */
interface Measuring {
  readonly whole: readonly Json[] | JsonObject;
  readonly parent: Measuring | undefined;
  readonly values: readonly Json[];
  next: number;
  size: number;
}

/**
 * Bytes of the compact UTF-8 JSON text of a value, exactly as `JSON.stringify` writes it. A part that occurs many times
 * is measured once, so a value whose text would be too long to exist is answered at once (as a float); values may nest
 * to any depth.
 */
export function sizeOf(value: Json): number {
  const begun = begin(value, undefined);
  if (typeof begun === "number") return begun;
  let top = begun;
  for (;;) {
    const value = top.values[top.next];
    if (value !== undefined) {
      const part = begin(value, top);
      if (typeof part === "number") {
        top.size += part;
        top.next += 1;
      } else {
        top = part;
      }
    } else {
      const { whole, parent, size } = top;
      if (size >= REMEMBERED) sizes.set(whole, size);
      if (parent === undefined) return size;
      parent.size += size;
      parent.next += 1;
      top = parent;
    }
  }
}

/** The size of a value that is a scalar or was measured before, else the start of measuring it. */
function begin(value: Json, parent: Measuring | undefined): number | Measuring {
  if (isArray(value)) {
    return sizes.get(value) ?? { whole: value, parent, values: value, next: 0, size: bracketsAndCommas(value.length) };
  }
  if (isObject(value)) return sizes.get(value) ?? beginObject(value, parent);
  return typeof value === "string" ? textSize(value) : scalarText(value).length;
}

function beginObject(whole: JsonObject, parent: Measuring | undefined): Measuring {
  const keys = Object.keys(whole);
  let size = bracketsAndCommas(keys.length);
  for (const key of keys) size += textSize(key) + 1;
  return { whole, parent, values: Object.values(whole), next: 0, size };
}

function bracketsAndCommas(parts: number): number {
  return parts === 0 ? 2 : parts + 1;
}

/** JSON has no infinite numbers; `JSON.stringify` makes them null. */
function scalarText(value: null | boolean | number): string {
  return String(Number.isFinite(value) || typeof value === "boolean" ? value : null);
}

/** Printable ASCII that needs no escape: most text of most flows, and six times faster to recognise than to count. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Texts up to this length are counted sooner than a pattern is begun. */
const SHORT = 20;

/** Size of a string with its quotes and escapes: a lone surrogate becomes `\ud800`. */
function textSize(text: string): number {
  let size = 2;
  if (text.length > SHORT && PLAIN.test(text)) return text.length + size;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) size += asciiSize(code);
    else if (code < 0x800) size += 2;
    else if (code < 0xd800 || code > 0xdfff) size += 3;
    else if (code < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) {
      size += 4;
      at += 1;
    } else size += 6;
  }
  return size;
}

function asciiSize(code: number): number {
  if (code >= 0x20) return code === 0x22 || code === 0x5c ? 2 : 1;
  return code === 0x0b || code < 0x08 || code > 0x0d ? 6 : 2;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
