import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Json, own } from "../../../lib/fdl/json.ts";
import { parseFlow } from "../../../lib/fdl/parse.ts";
import { BEHAVIOUR_NAMES } from "../../../lib/sim/behaviours.ts";
import type { Plan } from "../../../lib/sim/plan.ts";
import { featuresOf } from "./features.ts";
import { plans } from "./plans.ts";

const PLANS: readonly Plan[] = fc.sample(plans(), { numRuns: 3_000, seed: 1 });

/** In so many plans of a hundred at least. */
const MINIMUM: readonly (readonly [feature: string, percent: number])[] = [
  ["type:task", 85],
  ["type:pass", 50],
  ["type:wait", 30],
  ["type:choice", 45],
  ["type:parallel", 25],
  ["type:foreach", 30],
  ["type:succeed", 40],
  ["type:fail", 12],
  ["pattern:requestResponse", 75],
  ["pattern:sync", 25],
  ["pattern:waitForCallback", 35],
  ["fn:inc/requestResponse", 50],
  ["fn:inc/sync/Async", 6],
  ["fn:inc/requestResponse/Async", 3],
  ["fn:alias", 4],
  ["fn:echo", 8],
  ["fn:sum", 4],
  ["fn:moody/requestResponse", 9],
  ["fn:moody/sync/Async", 3],
  ["fn:flaky", 7],
  ["fn:broken/requestResponse", 3],
  ["fn:broken/sync/Async", 1],
  ["fn:die", 1.5],
  ["fn:busy", 4],
  ["fn:slow", 8],
  ["fn:hang", 4],
  ["fn:big/requestResponse", 6],
  ["fn:big/sync/Async", 3],
  ["fn:text", 1],
  ["fn:list", 1],
  ["fn:none", 1],
  ["ask:yes", 7],
  ["ask:no", 3],
  ["ask:early", 4],
  ["ask:twice", 3],
  ["ask:never", 3],
  ["ask:late", 3],
  ["ask:beat", 3],
  ["ask:crossed", 3],
  ["queue/requestResponse", 4],
  ["queue/waitForCallback", 4],
  ["topic/requestResponse", 3],
  ["topic/waitForCallback", 3],
  ["flow/sync", 10],
  ["flow/requestResponse", 3],
  ["loop", 25],
  ["goto:back", 25],
  ["inside:loop>parallel", 4],
  ["inside:loop>foreach", 4],
  ["inside:loop>flow/sync", 2],
  ["inside:foreach>foreach", 1],
  ["inside:foreach>parallel", 0.5],
  ["inside:parallel>foreach", 1],
  ["inside:parallel>flow/sync", 3],
  ["inside:foreach>flow/sync", 2],
  ["inside:foreach>fn:big", 1.5],
  ["inside:parallel>fn:ask", 5],
  ["inside:choice>task", 12],
  ["foreach:concurrency", 18],
  ["task:retry", 35],
  ["task:catch", 40],
  ["task:errorMappings", 25],
  ["task:timeoutSeconds", 30],
  ["task:heartbeatSeconds", 3],
  ["onLost", 4],
  ["parallel:retry", 6],
  ["parallel:catch", 8],
  ["foreach:retry", 8],
  ["foreach:catch", 10],
  ["flow:timeoutSeconds", 4],
  ["flow:inputMappings", 1],
  ["flow:outputMappings", 2],
  ["flow:pinAliases", 1],
  ["fault:crash:before", 15],
  ["fault:crash:during", 6],
  ["fault:crash:after", 20],
  ["fault:fail:before", 8],
  ["fault:fail:after", 8],
  ["fault:repeat", 10],
  ["fault:stall:before", 10],
  ["fault:stall:after", 10],
  ["fault:lose", 6],
  ["fault:purge", 2],
  ["fault:badDeploy", 2],
  ["weather:latencyMs", 50],
  ["weather:workers", 40],
  ["weather:batch", 35],
  ["weather:copiedPercent", 12],
  ["weather:queueLagMs", 10],
  ["weather:skewMs", 10],
  ["weather:timersLateMs", 7],
  ["weather:timersTwice", 7],
  ["weather:listLagMs", 3],
  ["weather:sweepMs", 12],
  ["executions:several", 7],
  ["executions:of a child", 1.5],
  ["executions:stopped", 7],
  ["executions:rival", 5],
  ["mode:hop", 40],
  ["mode:fused", 40],
];

/** The share of plans that are so. */
function share(is: (plan: Plan) => boolean): number {
  return PLANS.filter(is).length / PLANS.length;
}

describe("a generated plan", () => {
  it("has flows that parse without errors and warnings", () => {
    for (const { flows } of PLANS.slice(0, 1_200)) {
      for (const text of Object.values(flows)) expect(parseFlow(text).problems, text).toEqual([]);
    }
  });

  it("is plain data", () => {
    for (const plan of PLANS) expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it("is the same for the same seed", () => {
    expect(fc.sample(plans(), { numRuns: 50, seed: 1 })).toEqual(PLANS.slice(0, 50));
  });

  it("starts and calls flows that it has, and has no others", () => {
    for (const { flows, executions } of PLANS) {
      const used = new Set(executions.map(({ flow }) => flow));
      for (const text of Object.values(flows)) {
        for (const [, name = ""] of text.matchAll(/:flow\/(\w+)/g)) used.add(name);
      }
      expect(new Set(Object.keys(flows))).toEqual(used);
    }
  });

  it("gives the executions of a flow different names", () => {
    for (const { executions } of PLANS) {
      expect(new Set(executions.map(({ flow, name }) => `${flow}/${name}`)).size).toBe(executions.length);
    }
  });

  it("never strikes twice at one call", () => {
    for (const { faults } of PLANS) {
      const calls = faults.flatMap((fault) =>
        "at" in fault && fault.kind !== "lose" ? [`${"of" in fault ? fault.of : ""} ${fault.at}`] : [],
      );
      expect(new Set(calls).size).toBe(calls.length);
      for (const fault of faults) if ("at" in fault) expect(fault.at).toBeGreaterThanOrEqual(1);
    }
  });

  it("calls only what the simulated world has", () => {
    for (const { flows } of PLANS) {
      for (const text of Object.values(flows)) {
        for (const [, name = ""] of text.matchAll(/functions\/(\w+)/g)) expect(BEHAVIOUR_NAMES).toContain(name);
      }
    }
  });

  it("never waits for ever: who may hang or keep silent has a time-out", () => {
    for (const { flows } of PLANS)
      for (const task of tasksOf(flows)) {
        const silent = task.includes("functions/hang") || /"source":"(never|late)"/.test(task);
        if (silent) expect(task).toContain('"timeoutSeconds":');
      }
  });

  it("lets a task be lost only where that is caught", () => {
    for (const { flows } of PLANS)
      for (const task of tasksOf(flows)) {
        if (task.includes('"onLost"'))
          expect(task).toMatch(/"catch":\[\{"errors":\[("FnF.ALL"|[^\]]*"FnF.TaskLost")\]/);
      }
  });
});

describe("generated plans", () => {
  it("have one to three faults mostly, and sometimes none", () => {
    expect(share(({ faults }) => faults.length === 0)).toBeGreaterThan(0.07);
    expect(share(({ faults }) => faults.length === 0)).toBeLessThan(0.15);
    expect(share(({ faults }) => faults.length >= 1 && faults.length <= 3)).toBeGreaterThan(0.6);
    expect(share(({ faults }) => faults.length > 3)).toBeGreaterThan(0.05);
  });

  it("strike mostly within the first hundred calls", () => {
    const early = (plan: Plan) => plan.faults.some((fault) => "when" in fault && fault.at <= 100);
    expect(share(early)).toBeGreaterThan(0.6);
    const close = ({ faults }: Plan) =>
      faults.some((one) =>
        faults.some((two) => "when" in one && "when" in two && one.at < two.at && two.at < one.at + 10),
      );
    expect(share(close)).toBeGreaterThan(0.2);
  });

  it("are mostly small and now and then large", () => {
    const sizes = PLANS.map(({ flows }) => tasksOf(flows).length).sort((a, b) => a - b);
    expect(sizes[sizes.length / 2]).toBeLessThanOrEqual(8);
    expect(sizes.at(-1)).toBeGreaterThan(20);
  });

  const found = PLANS.map(featuresOf);

  it.each(MINIMUM)("have %s in at least %s %%", (feature, percent) => {
    const count = found.filter((features) => features.has(feature)).length;
    expect((count / found.length) * 100).toBeGreaterThanOrEqual(percent);
  });
});

describe("calm plans", () => {
  const calm = fc.sample(plans({ calm: true, mode: "hop" }), { numRuns: 100, seed: 1 });

  it("have nothing go wrong", () => {
    for (const { faults, executions, weather, mode } of calm) {
      expect(faults).toEqual([]);
      expect(weather).toMatchObject({ latencyMs: 0, copiedPercent: 0, queueLagMs: 0, skewMs: [], timersLateMs: 0 });
      for (const { stopMs, rival } of executions) expect([stopMs, rival]).toEqual([undefined, undefined]);
      expect(mode).toBe("hop");
    }
  });
});

/** Each step of type task, as JSON. */
function tasksOf(flows: Plan["flows"]): readonly string[] {
  const tasks: string[] = [];
  for (const text of Object.values(flows)) {
    JSON.parse(text, (_, value: Json) => {
      if (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        own(value as never, "type") === "task"
      )
        tasks.push(JSON.stringify(value));
      return value;
    });
  }
  return tasks;
}
