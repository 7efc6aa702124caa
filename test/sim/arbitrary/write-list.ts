/** Writes a list of steps down: their names, where jumps go, the loop around them with its counter, and what stands behind. */
import type { JsonObject } from "../../../lib/fdl/json.ts";
import { COUNT } from "./calls.ts";
import { mayRepeat, type Place, spend } from "./place.ts";
import { plain, reached, type Written } from "./reach.ts";
import type { ListSketch } from "./sketch.ts";
import { writeStep } from "./write-step.ts";

/** The steps of the list. Jumps go forwards, or to the head of a loop that counts and ends there. */
export function writeList(list: ListSketch, place: Place): readonly JsonObject[] {
  const looped = list.rounds > 1 && mayRepeat(place, list.rounds, [list]);
  const inside = looped ? { ...place, times: place.times * list.rounds, looped } : place;
  const loop = looped ? loopAround(list, place) : NO_LOOP;
  if (looped) spend(inside, 1);
  const tail = [...loop.behind, ...tailOf(list.tail, place)];
  const names = list.steps.map((_, index) => `s${index}`);
  const behind = [...loop.foot, ...tail].map(({ name }) => name);
  let rest = false;

  function jumpFrom(index: number): (number: number) => string {
    return (number) => {
      const targets = [...names.slice(index + 1), ...behind, ...loop.back];
      const target = targets[number % Math.max(targets.length, 1)];
      rest ||= target === undefined;
      return target ?? "rest";
    };
  }

  const body = list.steps.map((step, index) => writeStep(step, `s${index}`, inside, jumpFrom(index)));
  const all = [...loop.head, ...body, ...loop.foot, ...tail];
  return reached(rest ? [...all, plain({ type: "pass", name: "rest" })] : all);
}

interface Loop {
  readonly head: readonly Written[];
  readonly foot: readonly Written[];
  /** Where it goes on afterwards. */
  readonly behind: readonly Written[];
  /** Where the steps may jump back to. */
  readonly back: readonly string[];
}

const NO_LOOP: Loop = { head: [], foot: [], behind: [], back: [] };

function loopAround({ rounds, check }: ListSketch, { flow, depth }: Place): Loop {
  const counter = `k${flow}${depth}`;
  const head = plain({
    type: "task",
    name: "head",
    ...COUNT,
    inputMappings: [{ target: "n", source: `$.${counter}` }],
    outputMappings: [{ target: counter, source: "$local.n" }],
  });
  if (check === "end") {
    const again = jumping(
      "again",
      { choices: [{ condition: `$.${counter} < ${rounds}`, goto: "head" }] },
      true,
      "head",
    );
    return { head: [head], foot: [again], behind: [], back: [] };
  }
  const over = jumping("over", { choices: [{ condition: `$.${counter} > ${rounds}`, goto: "after" }] }, true, "after");
  const again = jumping("again", { default: { goto: "head" } }, false, "head");
  return { head: [head, over], foot: [again], behind: [plain({ type: "pass", name: "after" })], back: ["head"] };
}

function jumping(name: string, fields: JsonObject, goesOn: boolean, target: string): Written {
  return { name, step: { type: "choice", name, ...fields }, goesOn, targets: [target] };
}

/** What is only reached by a jump: the steps before it end with `succeed`. */
function tailOf(tail: ListSketch["tail"], place: Place): readonly Written[] {
  if (tail === "none") return [];
  const done = plain({ type: "succeed", name: "done" });
  if (tail === "fail") return [done, plain({ type: "fail", name: "sorry", error: "Left", cause: "in the end" })];
  if (tail === "pass")
    return [done, plain({ type: "pass", name: "sorry", outputMappings: [{ target: "b", source: "sorry" }] })];
  spend(place, 1);
  return [done, plain({ type: "task", name: "sorry", ...COUNT })];
}
