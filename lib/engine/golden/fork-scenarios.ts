/** Golden scenarios of parallel and foreach: joins, failing branches, lanes and what they flush. */
import { TaskError } from "../testing/play.ts";
import { inTurn, type Scenario, START } from "./scenario.ts";

export const forkScenarios: Readonly<Record<string, Scenario>> = {
  parallel: {
    definition: `
version: v1
type: flow
steps:
  - {type: pass, name: before, outputMappings: [{target: x, source: 1}]}
  - type: parallel
    name: p
    branches:
      - steps: [{type: wait, name: slow, duration: 5}, {type: pass, name: a, outputMappings: [{target: v, source: $input.x}]}]
      - steps:
          - type: parallel
            name: q
            branches: [{steps: [{type: pass, name: b, end: true}, {type: fail, name: c}]}, {steps: [{type: succeed, name: d}]}]
            outputMappings: [{target: count, source: $local}]
          - {type: pass, name: e, outputMappings: [{target: id, source: $context.step.eventId}]}
    outputMappings: [{target: all, source: $local}]
  - {type: pass, name: after, outputMappings: [{target: id, source: $context.step.eventId}]}
`,
    world: () => ({ startedAt: START }),
  },
  "failing-branches": {
    definition: `
version: v1
type: flow
steps:
  - type: parallel
    name: caught
    branches:
      - steps: [{type: wait, name: late, duration: 3}, {type: fail, name: f, error: Late}]
      - steps: [{type: choice, name: c, default: {steps: [{type: task, name: t, resourceArn: "acs:fc:::services/s/functions/t"}]}}]
    retry: [{errors: [Early], intervalSeconds: 2, maxAttempts: 1}]
    catch: [{errors: [Late, Early], goto: next}]
    errorMappings: [{target: error, source: $local.error}]
  - {type: fail, name: never}
  - {type: pass, name: next}
  - type: parallel
    name: uncaught
    branches: [{steps: [{type: pass, name: a}]}, {steps: [{type: fail, name: g, error: Uncaught, cause: why}]}]
`,
    world: () => ({
      startedAt: START,
      functions: { t: inTurn(new TaskError("Early", "first"), new TaskError("Early", "second")) },
    }),
  },
  foreach: {
    definition: `
version: v1
type: flow
steps:
  - type: foreach
    name: each
    concurrency: 2
    iterationMapping: {collection: "$.orders[*].id", item: item, index: i}
    steps:
      - type: task
        name: work
        resourceArn: acs:fc:::services/s/functions/work
        catch: [{errors: [FnF.ALL], goto: skip}]
        outputMappings: [{target: done, source: $local.done}]
        end: true
      - {type: pass, name: skip, outputMappings: [{target: skipped, source: $input.item}, {target: at, source: $input.i}]}
    outputMappings: [{target: all, source: $local}, {target: done, source: "$local[*].done"}]
  - {type: foreach, name: none, iterationMapping: {collection: $.empty, item: item}, steps: [{type: pass, name: a}], outputMappings: [{target: none, source: $local}]}
  - {type: foreach, name: bad, iterationMapping: {collection: "$.done[0]", item: item}, steps: [{type: pass, name: b}], retry: [{errors: [FnF.InvalidInput], maxAttempts: 1}]}
`,
    world: () => ({
      input: { orders: [{ id: 3 }, { id: 1 }, {}, { id: 4 }, { id: 1 }], empty: [] },
      startedAt: START,
      functions: {
        work: (payload) => {
          const { item } = payload as { readonly item: number };
          if (item === 4) throw new TaskError("TooLarge", "4");
          return { done: item * 10 };
        },
      },
    }),
  },
  "foreach-flushes": {
    definition: `
version: v1
type: flow
steps:
  - type: foreach
    name: each
    concurrency: 1
    iterationMapping: {collection: $.items, item: item}
    steps: [{type: task, name: work, resourceArn: "acs:fc:::services/s/functions/work"}]
    outputMappings: [{target: n, source: "$local[*].n"}]
`,
    world: () => {
      const text = "x".repeat(20_000);
      let n = 0;
      return {
        input: { items: [1, 2, 3, 4, 5] },
        startedAt: START,
        functions: {
          work: () => {
            n += 1;
            return { n, text };
          },
        },
      };
    },
  },
};
