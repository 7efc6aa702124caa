/**
 * Claim check (architecture §3): a *value* above the inline limit goes to blob storage under its hash and a reference
 * travels instead. Never the whole state: an unchanged large collection is stored once, not at every transition.
 *
 * A packed text is plain JSON, or `#<length> <refs><json>`: refs is a JSON array of `[path, hash, bytes]`, and the JSON
 * holds null at each path. JSON never begins with `#` and user data never gets into refs, so nothing can be confused.
 */
import type { Json } from "../fdl/json.ts";
import { sizeOf } from "../fdl/json-size.ts";
import type { Blobs } from "./ports/blobs.ts";
import type { Keys } from "./ports/clock.ts";
import type { Packed } from "./ports/journal.ts";

type PathStep = string | number;
type Ref = readonly [path: readonly PathStep[], hash: string, bytes: number];
type Node = Record<PathStep, unknown>;

export interface ClaimCheck {
  /** JSON text of a value whose large parts went to blob storage. */
  pack(value: object): Packed | Promise<Packed>;
  /** The value again. The result is shared with a cache: immutable. */
  unpack<T>(text: Packed): T | Promise<T>;
  /** Its JSON text. */
  json(text: Packed): string | Promise<string>;
  /** Forgets a stored value, so that it is put again when it is next packed: it may then be removed. False: it was packed or unpacked a moment ago, and a text that refers to it may be on its way. */
  forget(hash: string): boolean;
}

export interface ClaimCheckOptions {
  readonly blobs: Blobs;
  readonly keys: Pick<Keys, "hash">;
  /** ms; absent: nothing is ever forgotten. */
  readonly now?: () => number;
  /** Values above this many bytes of JSON are checked in. */
  readonly inlineBytes: number;
  /** Bound of the cache of large values, bytes. */
  readonly cacheBytes: number;
}

/** How long a text that refers to a value may be on its way to the journal, ms. */
const ON_ITS_WAY_MS = 3_600_000;

const LEVELS = 4; // state → frames → frame → input → key: where a user's values begin

export function claimCheck({ blobs, keys, now = () => 0, inlineBytes, cacheBytes }: ClaimCheckOptions): ClaimCheck {
  // Caches: values by hash (oldest out first), and the hash of objects known to be stored.
  const values = new Map<string, { value: unknown; bytes: number }>();
  const hashes = new WeakMap<object, { hash: string; bytes: number }>();
  /** Hashes that `hashes` may still know and that are stored no more. */
  const forgotten = new Set<string>();
  /** When each hash was last used, ms; those used a moment ago are among them. */
  const used = new Map<string, number>();
  let cached = 0;

  function touch(hash: string): void {
    used.delete(hash);
    used.set(hash, now());
    for (const [oldest, at] of used) {
      if (now() - at <= ON_ITS_WAY_MS) break;
      used.delete(oldest);
    }
  }

  function remember(hash: string, value: unknown, bytes: number): void {
    touch(hash);
    if (typeof value === "object" && value !== null) hashes.set(value, { hash, bytes });
    if (values.has(hash)) return;
    values.set(hash, { value, bytes });
    cached += bytes;
    for (const [oldest, entry] of values) {
      if (cached <= cacheBytes || oldest === hash) break;
      values.delete(oldest);
      cached -= entry.bytes;
    }
  }

  async function checkIn(value: unknown): Promise<{ hash: string; bytes: number }> {
    const known = typeof value === "object" && value !== null ? hashes.get(value) : undefined;
    if (known && !forgotten.has(known.hash)) {
      touch(known.hash);
      return known;
    }
    const text = JSON.stringify(value);
    const hash = keys.hash(text);
    if (!values.has(hash)) {
      await blobs.put(hash, text);
      forgotten.delete(hash);
    }
    remember(hash, value, text.length);
    return { hash, bytes: text.length };
  }

  async function extract(node: unknown, path: readonly PathStep[], refs: Ref[]): Promise<unknown> {
    if (sizeOf(node as Json) <= inlineBytes) return node;
    // Arrays are values, not structure, but for the stack of frames: a large collection is checked in whole.
    const structure = Array.isArray(node)
      ? path.length === 1 && path[0] === "frames"
      : typeof node === "object" && node !== null;
    if (structure && path.length < LEVELS) {
      const copy: Node = Array.isArray(node) ? ([...node] as unknown as Node) : { ...(node as Node) };
      const found: Ref[] = [];
      for (const [key, child] of Object.entries(node as Node)) {
        if (sizeOf(child as Json) <= inlineBytes) continue;
        setAt(copy, key, await extract(child, [...path, Array.isArray(node) ? Number(key) : key], found));
      }
      if (path.length === 0 || sizeOf(copy as Json) <= inlineBytes) {
        refs.push(...found);
        return copy;
      }
    }
    const { hash, bytes } = await checkIn(node);
    refs.push([path, hash, bytes]);
    return null;
  }

  async function packLarge(value: object): Promise<Packed> {
    const refs: Ref[] = [];
    const rest = JSON.stringify(await extract(value, [], refs));
    if (refs.length === 0) return rest as Packed;
    const list = JSON.stringify(refs);
    return `#${list.length} ${list}${rest}` as Packed;
  }

  async function unpackLarge<T>(text: Packed): Promise<T> {
    const space = text.indexOf(" ");
    const length = Number(text.slice(1, space));
    const refs = JSON.parse(text.slice(space + 1, space + 1 + length)) as readonly Ref[];
    const value = JSON.parse(text.slice(space + 1 + length)) as T;
    await Promise.all(
      refs.map(async ([path, hash, bytes]) => {
        const part = values.get(hash)?.value ?? JSON.parse(await blobs.get(hash));
        remember(hash, part, bytes);
        let node = value as Node;
        for (const step of path.slice(0, -1)) node = node[step] as Node;
        setAt(node, path[path.length - 1] ?? "", part);
      }),
    );
    return value;
  }

  return {
    pack(value) {
      // Most values are small and need not be weighed: a text has at most three bytes a character. Where large ones are
      // about, weighing comes first, since it knows them and writing would not.
      const text = cached === 0 ? JSON.stringify(value) : undefined;
      if (text !== undefined && text.length * 3 <= inlineBytes) return text as Packed;
      return sizeOf(value as Json) <= inlineBytes ? ((text ?? JSON.stringify(value)) as Packed) : packLarge(value);
    },
    unpack: <T>(text: Packed) => (text.startsWith("#") ? unpackLarge<T>(text) : (JSON.parse(text) as T)),
    json: (text) => (text.startsWith("#") ? unpackLarge(text).then((value) => JSON.stringify(value)) : text),
    forget(hash) {
      const at = used.get(hash);
      if (at !== undefined && now() - at <= ON_ITS_WAY_MS) return false;
      forgotten.add(hash);
      const entry = values.get(hash);
      if (entry !== undefined) {
        values.delete(hash);
        cached -= entry.bytes;
      }
      return true;
    },
  };
}

/** Sets an own key also when it is called `__proto__`. */
function setAt(node: Node, key: PathStep, value: unknown): void {
  Object.defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true });
}
