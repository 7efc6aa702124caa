/** Small random flows for properties of the reference. All of them end: they jump forward, but for loops that count up to 3. */
import * as fc from "fast-check";
import type { Json, JsonObject } from "../../../fdl/json.ts";

type Draw = fc.GeneratorValue;

const FUNCTIONS = ["inc", "echo", "moody", "flaky", "broken", "die", "text", "list", "none"];
const ERRORS = ["FnF.ALL", "Broken", "Moody", "Flaky", "Refused", "FC.Unknown", "FnF.InvalidLocal", "FnF.TaskTimeout"];
/** Names for policies of tasks alone: the core does not see from outside a fork that a function threw the error. */
const PREFIXED = ["FC.Broken", "FC.Flaky"];
const KEYS = ["n", "a", "b", "items"];
const SOURCES: readonly Json[] = [
  "$",
  "$.n",
  "$input",
  "$input.n",
  "$input.items[-1]",
  "$input.items[*].n",
  "$local.n",
  "$local.tries",
  "$local[*].n",
  "$local[0].a",
  "$local.missing",
  "$local.code",
  "$context.step.name",
  7,
  "text",
  null,
  [1, { n: 3 }],
  { n: "$local" },
];
const CONDITIONS = [
  "$.n == 1",
  "$.n < 3 && $.a != null",
  "!$.a || $.n >= 2",
  '"text" in $.items',
  "$.items[0].n == $.n",
  "-$.n < -2",
  '$.a == "true"',
  '$.b in ["text", 7]',
];

/** The definition of a random flow, as JSON. */
export function randomFlow(draw: Draw): JsonObject {
  return {
    version: "v1",
    type: "flow",
    ...mappings(draw, ["inputMappings", "outputMappings"], 6),
    steps: list(draw, 3),
  };
}

function list(draw: Draw, depth: number): readonly Json[] {
  const names = Array.from({ length: draw(fc.integer, { min: 1, max: 4 }) }, (_, at) => `s${at}`);
  const steps: Json[] = names.map((name, at) => step(draw, depth, name, names.slice(at + 1)));
  if (draw(fc.nat, { max: 7 }) > 0) return steps;
  const round = `round${depth}`;
  const count = {
    type: "task",
    name: "count",
    resourceArn: arnOf("inc"),
    inputMappings: [mapping("n", `$local.${round}`)],
    outputMappings: [mapping(round, "$local.n")],
  };
  return [
    count,
    ...steps,
    { type: "choice", name: "again", choices: [{ condition: `$.${round} < 3`, goto: "count" }] },
  ];
}

/** `later`: the siblings that it may jump to. */
function step(draw: Draw, depth: number, name: string, later: readonly string[]): Json {
  const data = mappings(draw, ["inputMappings", "outputMappings"], 2);
  const common = { name, ...data, ...(draw(fc.nat, { max: 11 }) === 0 && { end: true }) };
  const simple = ["task", "task", "task", "pass", "wait", "leave", "sub"] as const;
  const nested = ["choice", "parallel", "foreach"] as const;
  switch (draw(fc.constantFrom, ...simple, ...(depth > 0 ? nested : []))) {
    case "task":
      return { type: "task", ...common, ...handling(draw, later, PREFIXED), ...task(draw) };
    case "sub":
      return {
        type: "task",
        ...common,
        ...handling(draw, later),
        resourceArn: `acs:fnf:::flow/${draw(fc.constantFrom, "child", "failing", "nobody")}`,
        pattern: "sync",
      };
    case "pass":
      return { type: "pass", ...common };
    case "wait":
      return { type: "wait", ...common, duration: draw(fc.constantFrom, 1, 100, "$.n", "$.a") };
    case "leave":
      return draw(fc.boolean)
        ? { type: "succeed", name, ...data }
        : { type: "fail", name, ...(draw(fc.boolean) && { error: "Left", cause: "on purpose" }) };
    case "choice":
      return {
        type: "choice",
        ...common,
        choices: [
          { condition: draw(fc.constantFrom, ...CONDITIONS), steps: list(draw, depth - 1) },
          { condition: draw(fc.constantFrom, ...CONDITIONS), ...goto(draw, later) },
        ],
        ...(draw(fc.boolean) && { default: { steps: list(draw, depth - 1), ...goto(draw, later) } }),
      };
    case "parallel": {
      const branches = Array.from({ length: draw(fc.integer, { min: 1, max: 3 }) }, () => ({
        steps: list(draw, depth - 1),
      }));
      return { type: "parallel", ...common, ...handling(draw, later), branches };
    }
    default:
      return {
        type: "foreach",
        ...common,
        ...handling(draw, later),
        iterationMapping: { collection: "$.items", item: draw(fc.constantFrom, "n", "item"), index: "at" },
        concurrency: draw(fc.integer, { min: 1, max: 3 }),
        steps: list(draw, depth - 1),
      };
  }
}

function task(draw: Draw): JsonObject {
  const resourceArn = arnOf(draw(fc.constantFrom, ...FUNCTIONS));
  const kind = draw(fc.nat, { max: 9 });
  if (kind > 1) return { resourceArn };
  if (kind === 1) return { resourceArn, pattern: "sync", serviceParams: { InvocationType: "Async" } };
  return {
    resourceArn: arnOf("ask"),
    pattern: "waitForCallback",
    timeoutSeconds: 300,
    inputMappings: [
      { target: "token", source: "$context.task.token" },
      { target: "how", source: draw(fc.constantFrom, "yes", "no", "early", "twice", "never", "crossed") },
    ],
  };
}

function arnOf(name: string): string {
  return `acs:fc:::services/sim/functions/${name}`;
}

function goto(draw: Draw, later: readonly string[]): JsonObject {
  return later.length > 0 && draw(fc.boolean) ? { goto: draw(fc.constantFrom, ...later) } : {};
}

function handling(draw: Draw, later: readonly string[], more: readonly string[] = []): JsonObject {
  const one = () => draw(fc.constantFrom, ...ERRORS, ...more);
  const errors = () => [one(), one()];
  const retry = () => ({
    errors: errors(),
    maxAttempts: draw(fc.nat, { max: 2 }),
    intervalSeconds: draw(fc.constantFrom, 0, 1, 60),
  });
  return {
    ...(draw(fc.nat, { max: 2 }) === 0 && { retry: [retry(), retry()] }),
    ...(later.length > 0 &&
      draw(fc.boolean) && { catch: [{ errors: errors(), goto: draw(fc.constantFrom, ...later) }] }),
    ...mappings(draw, ["errorMappings"], 2),
  };
}

/** Each of these lists once in so many times. */
function mappings(draw: Draw, names: readonly string[], seldom: number): JsonObject {
  const wanted = names.filter(() => draw(fc.nat, { max: seldom }) === 0);
  const one = () => mapping(draw(fc.constantFrom, ...KEYS), draw(fc.constantFrom, ...SOURCES));
  return Object.fromEntries(wanted.map((name) => [name, [one(), one()]]));
}

function mapping(target: string, source: Json): JsonObject {
  return { target, source };
}
