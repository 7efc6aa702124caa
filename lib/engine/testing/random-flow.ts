/** Random flows and worlds for properties. Every such flow ends: its loops end when the world's answers run out. */
import * as fc from "fast-check";
import type { Json, JsonObject } from "../../fdl/json.ts";
import { TaskError, type World } from "./world.ts";

/** Draws values: `draw(fc.nat, { max: 3 })`. */
type Draw = fc.GeneratorValue;

const KEYS = ["a", "b", "items", "go"];
const ERRORS = ["E", "FC.E", "Early", "FnF.TaskTimeout", "FnF.InvalidLocal", "FnF.InvalidInput", "FnF.ALL"];
const CONSTANTS: readonly Json[] = [1, true, "text", null, [1, { k: 2 }, []], { deep: [] }];
const PATHS = [
  "$",
  "$.a",
  "$input.b",
  "$input",
  "$local",
  "$local.a",
  "$local[*].a",
  "$context.step.eventId",
  "$context.task.token",
];
const CONDITIONS = ["$.go", "$.a == 1", "$.missing", "true", '$.b == "text" || $.go == true'];
const FUNCTION = "acs:fc:::services/s/functions/f";
const ARNS = [FUNCTION, "arn:aws:lambda:us-east-1:123456789012:function:f", "acs:mns:::/queues/q/messages"];

/** The definition of a random flow, as JSON. */
export function randomFlow(draw: Draw): JsonObject {
  return { version: "v1", type: "flow", ...maybe(draw, { outputMappings: mappings(draw) }), steps: list(draw, 3) };
}

/** Up to four steps; one list in four is a loop around them, which goes on as long as answers say `more`. */
function list(draw: Draw, depth: number): readonly Json[] {
  const names = Array.from({ length: draw(fc.integer, { min: 1, max: 4 }) }, (_, index) => `s${index}`);
  const steps = names.map((name, index) => step(draw, depth, name, names.slice(index + 1)));
  if (draw(fc.nat, { max: 3 }) > 0) return steps;
  const head = { type: "task", name: "head", resourceArn: FUNCTION, ...handling(draw, []) };
  return [head, ...steps, { type: "choice", name: "again", choices: [{ condition: "$.more == true", goto: "head" }] }];
}

/** `later`: the siblings that it may jump to. */
function step(draw: Draw, depth: number, name: string, later: readonly string[]): Json {
  const data = {
    ...maybe(draw, { inputMappings: mappings(draw) }),
    ...maybe(draw, { outputMappings: mappings(draw) }),
  };
  const common = { name, ...data, ...(draw(fc.nat, { max: 9 }) === 0 && { end: true }) };
  const nested = () => ({ steps: list(draw, depth - 1) });
  switch (
    draw(
      fc.constantFrom,
      "pass",
      "pass",
      "task",
      "task",
      "task",
      "wait",
      "leave",
      ...(depth > 0 ? ["choice", "parallel", "foreach"] : []),
    )
  ) {
    case "pass":
      return { type: "pass", ...common };
    case "wait":
      return { type: "wait", ...common, duration: draw(fc.constantFrom, 0, 1, 5, "$.a", "$.missing") };
    case "leave":
      return draw(
        fc.constantFrom,
        { type: "succeed", name, ...data },
        { type: "fail", name, error: "Early", cause: "c" },
      );
    case "choice": {
      const entry = () => ({ condition: draw(fc.constantFrom, ...CONDITIONS), ...nested(), ...jump(draw, later) });
      return {
        type: "choice",
        ...common,
        choices: times(draw, 2, entry),
        ...maybe(draw, { default: { ...nested(), ...jump(draw, later) } }),
      };
    }
    case "parallel":
      return { type: "parallel", ...common, branches: [nested(), ...times(draw, 2, nested)], ...handling(draw, later) };
    case "foreach": {
      const collection = draw(fc.constantFrom, "$.items", "$.items", "$.items", "$.items", "$.items[*]", "$.a");
      const iterationMapping = { collection, item: draw(fc.constantFrom, ...KEYS), index: "i" };
      return {
        type: "foreach",
        ...common,
        iterationMapping,
        concurrency: draw(fc.integer, { min: 1, max: 3 }),
        ...nested(),
        ...handling(draw, later),
      };
    }
    default:
      return { type: "task", ...common, ...call(draw), ...handling(draw, later) };
  }
}

function call(draw: Draw): JsonObject {
  const resourceArn = draw(fc.constantFrom, ...ARNS);
  const pattern = draw(fc.constantFrom, "requestResponse", "waitForCallback");
  const body = resourceArn.includes("mns")
    ? { serviceParams: { MessageBody: draw(fc.constantFrom, "$", "$.a", "text") } }
    : {};
  return { resourceArn, pattern, timeoutSeconds: 30, ...body };
}

function handling(draw: Draw, later: readonly string[]): JsonObject {
  const errors = () => [draw(fc.constantFrom, ...ERRORS), draw(fc.constantFrom, ...ERRORS)];
  const retry = () => ({
    errors: errors(),
    intervalSeconds: draw(fc.constantFrom, 0, 1, 7),
    maxAttempts: draw(fc.nat, { max: 3 }),
  });
  const target = jump(draw, later);
  const caught = () => ({ errors: errors(), ...target });
  return {
    retry: times(draw, 2, retry),
    ...("goto" in target && { catch: times(draw, 2, caught), ...maybe(draw, { errorMappings: mappings(draw) }) }),
  };
}

function mappings(draw: Draw): readonly Json[] {
  return times(draw, 3, () => ({
    target: draw(fc.constantFrom, ...KEYS),
    source: draw(fc.constantFrom, ...CONSTANTS, ...PATHS),
  }));
}

function jump(draw: Draw, later: readonly string[]): JsonObject {
  return later.length > 0 && draw(fc.boolean) ? { goto: draw(fc.constantFrom, ...later) } : {};
}

function maybe(draw: Draw, fields: JsonObject): JsonObject {
  return draw(fc.boolean) ? fields : {};
}

function times<T>(draw: Draw, max: number, make: () => T): readonly T[] {
  return Array.from({ length: draw(fc.nat, { max }) }, make);
}

/** A world that answers at random for a while, and then always well. */
export function randomWorld(draw: Draw): World {
  const kinds = fc.constantFrom(
    "fine",
    "fine",
    "fine",
    "fine",
    "more",
    "more",
    "text",
    "list",
    "E",
    "FC.E",
    "FnF.TaskTimeout",
  );
  const answers = draw(fc.array<string>, kinds, { maxLength: 60 });
  const answer = (): Json => {
    const kind = answers.pop();
    if (kind === "list") return [1];
    if (kind === "text") return '{"a":"text","more":false}';
    if (kind === undefined || kind === "fine" || kind === "more")
      return { a: answers.length, go: true, more: kind === "more" };
    throw new TaskError(kind, "why");
  };
  return {
    input: {
      a: 1,
      b: "text",
      go: draw(fc.boolean),
      items: draw(fc.array<Json>, fc.constantFrom<Json>(1, "x", { a: 2 }, []), { maxLength: 5 }),
    },
    functions: { f: answer },
    queues: { q: answer },
    verdicts: () => {
      try {
        return { kind: "succeeded", output: answer(), after: answers.length };
      } catch (thrown) {
        return thrown instanceof TaskError && thrown.error !== "FnF.TaskTimeout"
          ? { kind: "failed", error: thrown.error, cause: thrown.message }
          : undefined;
      }
    },
    startedAt: 1_700_000_000_000,
    maxDataBytes: draw(fc.constantFrom, 300, 5_000),
  };
}
