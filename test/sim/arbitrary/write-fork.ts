/** Writes parallel and foreach down. */
import type { Json, JsonObject } from "../../../lib/fdl/json.ts";
import { affordable, forked, mayRepeat, type Place, spend } from "./place.ts";
import type { Written } from "./reach.ts";
import type { Collection, ForeachSketch, ForkSketch, ParallelSketch, Sources } from "./sketch.ts";
import { mappings, writeHandling } from "./write-handling.ts";
import { writeList } from "./write-list.ts";
import type { Jump } from "./write-step.ts";

/** What a fork as a whole is caught for by name: what tasks and fails inside it end with. */
const ERRORS = ["Moody", "Broken", "Left", "Refused", "FC.Unknown", "FnF.TaskTimeout"];

/** Items of a foreach that brings its own, and about how many others have. */
const COLLECTIONS: Readonly<Record<Collection, { readonly own?: Json; readonly count: number }>> = {
  items: { count: 5 },
  two: { own: [1, 2], count: 2 },
  five: { own: [4, 5, 6, 7, 8], count: 5 },
  odd: { own: [null, "x", { n: 1 }, [3]], count: 4 },
  empty: { own: [], count: 0 },
  many: { own: Array.from({ length: 20 }, (_, index) => index), count: 20 },
  collected: { count: 4 },
};

export function writeParallel(sketch: ParallelSketch, name: string, place: Place, jump: Jump): Written {
  const { branches, failsAfter } = sketch;
  const handling = affordable(sketch.handling, place, 1, branches);
  const inside = forked(place, 1, handling);
  const written = branches.map((list) => ({ steps: writeList(list, inside) }));
  const all: readonly Json[] = failsAfter === undefined ? written : [...written, { steps: failing(failsAfter) }];
  spend(place, 1 + all.length);
  return writeFork({ type: "parallel", name }, { branches: all }, { ...sketch, handling }, jump);
}

/** A branch that fails while the others go on. */
function failing(seconds: number): readonly Json[] {
  const fail = { type: "fail", name: "dead", error: "Left", cause: "a branch on purpose" };
  return seconds === 0 ? [fail] : [{ type: "wait", name: "live", duration: seconds }, fail];
}

export function writeForeach(sketch: ForeachSketch, name: string, place: Place, jump: Jump): Written {
  const over = collectionAt(sketch, place);
  const { own, count } = COLLECTIONS[over];
  const { concurrency, list, input } = sketch;
  const handling = affordable(sketch.handling, place, count, [list]);
  const steps = writeList(list, forked(place, count, handling));
  spend(place, 1 + count);
  const body = {
    iterationMapping: { collection: over === "collected" ? "$.all" : "$.items", item: "item", index: "i" },
    ...(concurrency !== undefined && { concurrency }),
    steps,
  };
  return writeFork({ type: "foreach", name }, body, { ...sketch, handling, input: inputWith(own, over, input) }, jump);
}

/** Few items where many would be too many; what was collected only where it cannot grow round by round. */
function collectionAt({ over, list }: ForeachSketch, place: Place): Collection {
  if (over === "collected" && (place.looped || place.depth > 0)) return "items";
  return mayRepeat(place, COLLECTIONS[over].count, [list]) ? over : "two";
}

function inputWith(own: Json | undefined, over: Collection, input: Sources | undefined): Sources | undefined {
  if (own !== undefined) return [...(input ?? [["n", "$.n"]]), ["items", own]];
  return over === "collected" ? undefined : input;
}

function writeFork(
  head: { readonly name: string; readonly type: string },
  body: JsonObject,
  fork: ForkSketch,
  jump: Jump,
): Written {
  const { fields, targets } = writeHandling(fork.handling, ERRORS, () => jump(fork.handling.jump));
  const step = {
    ...head,
    ...mappings("inputMappings", fork.input),
    ...body,
    ...mappings("outputMappings", fork.output),
    ...fields,
  };
  return { name: head.name, step, goesOn: true, targets };
}
