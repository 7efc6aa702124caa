/** Right definitions: the steps that hold other steps (fdl.md §3.4 to §3.6, §12). */
import { FOREACH, PASS, step } from "./definition-text.ts";
import { holds, pass, type Valid } from "./valid-parts.ts";

export const validBlocks: readonly Valid[] = [
  {
    title: "a choice with conditions only",
    text: step("type: choice, name: c, choices: [{condition: $.a}]"),
    step: {
      type: "choice",
      name: "c",
      choices: [{ condition: holds, conditionText: "$.a", steps: [] }],
      end: false,
    },
  },
  {
    title: "a choice with everything",
    text: step(
      `type: choice, name: c, choices: [{condition: $.a, steps: [${PASS}], goto: c}], default: {steps: [${PASS}], goto: c}, end: true`,
    ),
    step: {
      type: "choice",
      name: "c",
      choices: [{ condition: holds, conditionText: "$.a", steps: [pass], goto: "c" }],
      default: { steps: [pass], goto: "c" },
      end: true,
    },
  },
  {
    title: "a choice with an empty default",
    text: step("type: choice, name: c, default: {}"),
    step: { type: "choice", name: "c", choices: [], default: { steps: [] }, end: false },
  },
  {
    title: "a parallel",
    text: step(`type: parallel, name: p, branches: [{steps: [${PASS}]}, {steps: [${PASS}]}]`),
    step: {
      type: "parallel",
      name: "p",
      branches: [{ steps: [pass] }, { steps: [pass] }],
      retry: [],
      catch: [],
      end: false,
    },
  },
  {
    title: "a parallel whose errors are handled",
    text: step(
      `type: parallel, name: p, branches: [{steps: [${PASS}]}], catch: [{errors: [FnF.ALL], goto: p}], errorMappings: [{target: e, source: $local.error}], end: true`,
    ),
    step: {
      type: "parallel",
      name: "p",
      branches: [{ steps: [pass] }],
      retry: [],
      catch: [{ errors: ["FnF.ALL"], goto: "p" }],
      errorMappings: [
        {
          target: "e",
          source: { kind: "path", root: "local", path: [{ kind: "key", key: "error" }], text: "$local.error" },
        },
      ],
      end: true,
    },
  },
  {
    title: "a foreach",
    text: step(`${FOREACH}, steps: [${PASS}]`),
    step: {
      type: "foreach",
      name: "f",
      iterationMapping: { collection: { path: holds.path, text: "$.a" }, item: "i" },
      concurrency: 100,
      steps: [pass],
      retry: [],
      catch: [],
      end: false,
    },
  },
  {
    title: "a foreach with everything",
    text: step(
      `type: foreach, name: f, iterationMapping: {collection: $, item: i, index: n}, concurrency: 1000, steps: [${PASS}], retry: [{errors: [A], maxAttempts: 1}], end: true`,
    ),
    step: {
      type: "foreach",
      name: "f",
      iterationMapping: { collection: { path: [], text: "$" }, item: "i", index: "n" },
      concurrency: 1000,
      steps: [pass],
      retry: [{ errors: ["A"], intervalSeconds: 1, maxAttempts: 1, multiplier: 2, maxIntervalSeconds: 86_400 }],
      catch: [],
      end: true,
    },
  },
];
