/** What is in a plan, by name: for counting how often generated plans have it, and for looking for plans that have it. */
import { isArray, isObject, type Json, type JsonObject, own } from "../../../lib/fdl/json.ts";
import type { Plan } from "../../../lib/sim/plan.ts";

/** Names such as `type:foreach`, `fn:inc`, `ask:late`, `pattern:sync`, `fault:crash:after`, `inside:foreach>task`. */
export function featuresOf(plan: Plan): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of Object.values(plan.flows)) flowFeatures(JSON.parse(text), found);
  for (const fault of plan.faults) {
    found.add(`fault:${fault.kind}`);
    if ("when" in fault) found.add(`fault:${fault.kind}:${fault.when}`);
    if ("of" in fault) found.add(`fault:aimed:${fault.of}`);
  }
  const { weather, executions } = plan;
  for (const [key, value] of Object.entries(weather)) {
    const bad = key === "workers" || key === "batch" ? value > 1 : key !== "copies" && value !== 0 && value !== false;
    if (bad && !(isArray(value) && value.length === 0)) found.add(`weather:${key}`);
  }
  found.add(`mode:${plan.mode}`);
  if (executions.length > 1) found.add("executions:several");
  if (executions.some(({ flow }) => flow !== "main")) found.add("executions:of a child");
  if (executions.some(({ stopMs }) => stopMs !== undefined)) found.add("executions:stopped");
  if (executions.some(({ rival }) => rival !== undefined)) found.add("executions:rival");
  return found;
}

function flowFeatures(flow: JsonObject, found: Set<string>): void {
  for (const key of Object.keys(flow)) if (key !== "steps") found.add(`flow:${key}`);
  listFeatures(listOf(flow, "steps"), [], found);
}

function listFeatures(steps: readonly JsonObject[], around: readonly string[], found: Set<string>): void {
  const looped = steps.some((step) => own(step, "name") === "head");
  if (looped) found.add("loop");
  const owners = looped ? [...around, "loop"] : around;
  for (const [index, step] of steps.entries()) {
    const type = String(own(step, "type"));
    found.add(`type:${type}`);
    for (const owner of owners) found.add(`inside:${owner}>${type}`);
    for (const key of Object.keys(step)) found.add(`${type}:${key}`);
    for (const owner of owners) {
      if ("catch" in step) found.add(`inside:${owner}>catch`);
      if ("retry" in step) found.add(`inside:${owner}>retry`);
    }
    if (type === "task") for (const name of taskNames(step)) addTask(name, owners, found);
    if (targetsOf(step).some((target) => steps.findIndex(({ name }) => name === target) <= index))
      found.add("goto:back");
    const lists = [step, ...listOf(step, "branches"), ...listOf(step, "choices"), own(step, "default")];
    for (const list of lists) {
      if (isObject(list)) listFeatures(listOf(list, "steps"), [...owners, type], found);
    }
  }
}

function addTask(name: string, owners: readonly string[], found: Set<string>): void {
  found.add(name);
  for (const owner of owners) found.add(`inside:${owner}>${name}`);
}

function taskNames(task: JsonObject): readonly string[] {
  const arn = String(own(task, "resourceArn"));
  const pattern = own(task, "pattern") ?? "requestResponse";
  const name = arn
    .replace(/^.*functions\//, "fn:")
    .replace(/^acs:mns:::\/(queue|topic).*$/, "$1")
    .replace(/^.*:flow\/.*$/, "flow");
  const asynchronous = JSON.stringify(own(task, "serviceParams") ?? null).includes("Async");
  const how = listOf(task, "inputMappings").find(({ target }) => target === "how")?.source;
  const called = arn.includes("sim.live") ? "fn:alias" : name;
  return [
    called,
    `${called}/${pattern}${asynchronous ? "/Async" : ""}`,
    `pattern:${pattern}`,
    ...(how === undefined ? [] : [`ask:${String(how)}`]),
    ...("onLost" in task ? ["onLost"] : []),
  ];
}

function targetsOf(step: JsonObject): readonly (Json | undefined)[] {
  return [...listOf(step, "catch"), ...listOf(step, "choices"), own(step, "default")].flatMap((way) =>
    isObject(way) ? [own(way, "goto")] : [],
  );
}

function listOf(value: JsonObject, key: string): readonly JsonObject[] {
  const list = own(value, key);
  return isArray(list) ? list.filter(isObject) : [];
}
