/** Right definitions: pass, succeed, fail and wait (fdl.md §3.2, §3.3, §3.7, §3.8). */
import { step } from "./definition-text.ts";
import { constant, pass, path, type Valid } from "./valid-parts.ts";

export const validPlainSteps: readonly Valid[] = [
  { title: "a pass", text: step("type: pass, name: a"), step: pass },
  {
    title: "a pass with everything",
    text: step(
      "type: pass, name: a, end: true, inputMappings: [{target: x, source: $input.x}], outputMappings: [{target: y, source: $local}]",
    ),
    step: {
      ...pass,
      end: true,
      inputMappings: [
        { target: "x", source: { kind: "path", root: "input", path: [{ kind: "key", key: "x" }], text: "$input.x" } },
      ],
      outputMappings: [{ target: "y", source: { kind: "path", root: "local", path: [], text: "$local" } }],
    },
  },
  { title: "an explicit end: false", text: step("type: pass, name: a, end: false"), step: pass },
  {
    title: "empty mapping lists",
    text: step("type: pass, name: a, inputMappings: [], outputMappings: []"),
    step: pass,
  },
  {
    title: "constants of all kinds",
    text: step(
      "type: pass, name: a, outputMappings: [{target: a}, {target: b, source: }, {target: c, source: [1, -0, {k: '$local'}]}, {target: d, source: ''}, {target: __proto__, source: {__proto__: 1, '<<': 2}}]",
    ),
    step: {
      ...pass,
      outputMappings: [
        { target: "a", source: constant(null) },
        { target: "b", source: constant(null) },
        { target: "c", source: constant([1, 0, { k: "$local" }]) },
        { target: "d", source: constant("") },
        { target: "__proto__", source: constant(JSON.parse('{"__proto__": 1, "<<": 2}')) },
      ],
    },
  },
  { title: "a name in any script", text: step("type: pass, name: 步骤 1"), step: { ...pass, name: "步骤 1" } },
  {
    title: "a name of 128 characters",
    text: step(`type: pass, name: ${"n".repeat(128)}`),
    step: { ...pass, name: "n".repeat(128) },
  },
  { title: "words of YAML 1.1", text: step("type: pass, name: yes"), step: { ...pass, name: "yes" } },
  { title: "a core tag", text: step("type: pass, name: !!str 12"), step: { ...pass, name: "12" } },
  { title: "a succeed", text: step("type: succeed, name: s"), step: { type: "succeed", name: "s" } },
  { title: "a fail", text: step("type: fail, name: f"), step: { type: "fail", name: "f", error: "", cause: "" } },
  {
    title: "a fail with error and cause",
    text: step("type: fail, name: f, error: Oops, cause: ''"),
    step: { type: "fail", name: "f", error: "Oops", cause: "" },
  },
];

export const validWaits: readonly Valid[] = [
  ...[
    ["0", 0],
    ["-5", -5],
    ["1.5", 1.5],
    ["31536000", 31_536_000],
    ["'10'", 10],
    ["'-1.5e2'", -150],
  ].map(
    ([written, seconds]): Valid => ({
      title: `a wait of ${written} seconds`,
      text: step(`type: wait, name: w, duration: ${written}`),
      step: { type: "wait", name: "w", duration: constant(Number(seconds)), end: false },
    }),
  ),
  {
    title: "a wait for a time of the input",
    text: step("type: wait, name: w, duration: $.seconds, end: true"),
    step: { type: "wait", name: "w", duration: path("seconds"), end: true },
  },
  {
    title: "a wait until a time",
    text: step("type: wait, name: w, timestamp: 2030-01-31T08:00:00+08:00"),
    step: { type: "wait", name: "w", timestamp: constant("2030-01-31T08:00:00+08:00"), end: false },
  },
  {
    title: "a wait until a time of the input",
    text: step("type: wait, name: w, timestamp: $.until"),
    step: { type: "wait", name: "w", timestamp: path("until"), end: false },
  },
];
