/**
 * What the golden journals were recorded from: flows, and the worlds they were played in. A recorded journal stands on
 * its own (golden.test.ts says how to record); with a new core version it stays as it is.
 */
import { forkScenarios } from "./fork-scenarios.ts";
import { type Scenario, START } from "./scenario.ts";
import { taskScenarios } from "./task-scenarios.ts";

export const scenarios: Readonly<Record<string, Scenario>> = {
  ...taskScenarios,
  ...forkScenarios,
  "data-of-steps": {
    definition: `
version: v1
type: flow
inputMappings: [{target: user, source: $input.user}, {target: gone, source: $input.gone}]
outputMappings: [{target: result, source: $local}, {target: by, source: $context.execution.name}]
steps:
  - {type: pass, name: seedVars, outputMappings: [{target: n, source: 2}, {target: list, source: [{k: 1}, {}, {k: 3}]}]}
  - type: choice
    name: branch
    choices:
      - condition: $.n == 2 && $.user in ["ann"]
        steps:
          - type: pass
            name: inner
            inputMappings: [{target: who, source: $input.user}, {target: id, source: $context.step.eventId}]
            outputMappings: [{target: greeting, source: $.who}, {target: id, source: $input.id}]
  - {type: pass, name: pick, outputMappings: [{target: ks, source: "$input.list[*].k"}, {target: last, source: "$input.list[-1]"}]}
  - {type: succeed, name: done}
`,
    world: () => ({ input: { user: "ann", extra: true }, startedAt: START }),
  },
  waits: {
    definition: `
version: v1
type: flow
steps:
  - {type: wait, name: fraction, duration: "1.5"}
  - {type: wait, name: past, timestamp: "2020-01-01T00:00:00Z"}
  - {type: wait, name: until, timestamp: $.until}
  - {type: wait, name: none, duration: $.missing}
  - {type: wait, name: bad, duration: $.until}
`,
    world: () => ({ input: { until: "2024-01-01T08:01:00+08:00" }, startedAt: START }),
  },
  yields: {
    definition: `
version: v1
type: flow
steps:
  - {type: pass, name: a, inputMappings: [{target: t, source: $input.text}]}
  - {type: pass, name: b, inputMappings: [{target: t, source: $input.text}]}
  - {type: pass, name: c, inputMappings: [{target: t, source: $input.text}]}
`,
    world: () => ({ input: { text: "长".repeat(15_000) }, startedAt: START }),
  },
  "data-limit": {
    definition: `
version: v1
type: flow
steps:
  - type: choice
    name: c
    default:
      steps: [{type: pass, name: doubles, outputMappings: [{target: a, source: $input.text}, {target: b, source: $input.text}]}]
`,
    world: () => ({ input: { text: "0123456789" }, startedAt: START, maxDataBytes: 50 }),
  },
};
