/** Definitions that are right but suspicious: warnings only (fdl.md §10 rows 37, 50). */
import { type Flawed, FUNCTION_TASK, flow, PASS, QUEUE_TASK, step } from "./definition-text.ts";

export const suspicious: readonly Flawed[] = [
  {
    title: "unknown keys at the top",
    text: `version: v1\ntype: flow\nowner: me\nsteps:\n  - ${PASS}\n`,
    problems: ['3:1: warning: A flow has no key "owner": it is ignored.'],
    refusedBySchema: true,
  },
  {
    title: "an unknown key of a step",
    text: step("type: pass, name: a, comment: hello"),
    problems: ['4:27: warning: step "a": A pass step has no key "comment": it is ignored.'],
    refusedBySchema: true,
  },
  {
    title: "an unknown key that is too short to be a slip",
    text: step("type: pass, name: a, uid: 1, x: 2, '': 3"),
    problems: [
      '4:27: warning: step "a": A pass step has no key "uid": it is ignored.',
      '4:35: warning: step "a": A pass step has no key "x": it is ignored.',
      '4:41: warning: step "a": A pass step has no key "": it is ignored.',
    ],
    refusedBySchema: true,
  },
  {
    title: "an unknown key near one that is there already",
    text: step("type: pass, name: a, names: b"),
    problems: ['4:27: warning: step "a": A pass step has no key "names": it is ignored.'],
    refusedBySchema: true,
  },
  {
    title: "a known key of another step type",
    text: step("type: pass, name: a, resourceArn: x"),
    problems: ['4:27: warning: step "a": A pass step has no key "resourceArn": it is ignored.'],
    refusedBySchema: true,
  },
  {
    title: "hostile keys",
    text: step("type: pass, name: a, __proto__: {end: true}, constructor: 1, toString: 2"),
    problems: [
      '4:27: warning: step "a": A pass step has no key "__proto__": it is ignored.',
      '4:51: warning: step "a": A pass step has no key "constructor": it is ignored.',
      '4:67: warning: step "a": A pass step has no key "toString": it is ignored.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a very long key",
    text: step(`type: pass, name: a, ${"k".repeat(200)}: 1`),
    problems: [
      '4:27: warning: step "a": A pass step has no key "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…": it is ignored.',
    ],
    refusedBySchema: true,
  },
  {
    title: "end on succeed and fail",
    text: flow(`
      - {type: succeed, name: a, end: true}
      - {type: fail, name: b, end: true}
    `),
    problems: [
      '4:30: warning: step "a": A succeed step has no key "end": it is ignored.',
      '5:24: warning: step "b": The step is never reached: no step that is reached goes on to it or jumps to it.',
      '5:27: warning: step "b": A fail step has no key "end": it is ignored.',
    ],
    refusedBySchema: true,
  },
  {
    title: "optional fields without value",
    text: flow("- {type: pass, name: a, end: , inputMappings: , outputMappings: ~}"),
    problems: [
      '4:27: warning: step "a": "end" has no value: it is ignored.',
      '4:34: warning: step "a": "inputMappings" has no value: it is ignored.',
      '4:51: warning: step "a": "outputMappings" has no value: it is ignored.',
    ],
    refusedBySchema: true,
  },
  {
    title: "errorMappings without catch",
    text: step(`${FUNCTION_TASK}, errorMappings: [{target: e, source: $local.error}]`),
    problems: ['4:75: warning: step "t": "errorMappings" does nothing without "catch".'],
    refusedBySchema: false,
  },
  {
    title: "a choice that does nothing",
    text: step("type: choice, name: c"),
    problems: ['4:5: warning: step "c": The choice has neither "choices" nor "default": it does nothing.'],
    refusedBySchema: false,
  },
  {
    title: "paths where only text goes",
    text: step("type: fail, name: f, error: $.code, cause: $local.message"),
    problems: [
      '4:34: warning: step "f": "error" is the plain text "$.code", not what the path leads to. Only mappings read paths.',
      '4:49: warning: step "f": "cause" is the plain text "$local.message", not what the path leads to. Only mappings read paths.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a mapping's path in serviceParams",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $input.body}`),
    problems: [
      '4:101: warning: step "t": "MessageBody" is the plain text "$input.body", not what the path leads to. A key of the step\'s mapped input is written "$.key".',
    ],
    refusedBySchema: false,
  },
  {
    title: "a queue's message has no subject",
    text: step(`${QUEUE_TASK}, serviceParams: {MessageBody: $, Subject: hello}`),
    problems: ['4:104: warning: step "t": "serviceParams" of a queue has no key "Subject": it is ignored.'],
    refusedBySchema: false,
  },
  {
    title: "an integer that a number cannot hold",
    text: step("type: pass, name: a, outputMappings: [{target: id, source: 12345678901234567890}]"),
    problems: [
      '4:65: warning: "12345678901234567890" is too large to be kept exactly as a number: put it in quotes if it is a name.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a negative one, and one with a sign",
    text: step(
      "type: pass, name: a, outputMappings: [{target: id, source: [-12345678901234567890, +12345678901234567890, 9007199254740991]}]",
    ),
    problems: [
      '4:66: warning: "-12345678901234567890" is too large to be kept exactly as a number: put it in quotes if it is a name.',
      '4:89: warning: "+12345678901234567890" is too large to be kept exactly as a number: put it in quotes if it is a name.',
    ],
    refusedBySchema: false,
  },
  {
    title: "keys that only resemble CloudFlow's",
    text: `version: v1\ntype: flow\ntypes: StateMachine\nsubtype: StateMachine\nsteps: [${PASS}]\n`,
    problems: [
      '3:1: warning: A flow has no key "types": it is ignored.',
      '4:1: warning: A flow has no key "subtype": it is ignored.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a step behind succeed",
    text: flow(`
      - {type: succeed, name: a}
      - {type: pass, name: b}
    `),
    problems: [
      '5:24: warning: step "b": The step is never reached: no step that is reached goes on to it or jumps to it.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a step behind fail",
    text: flow(`
      - {type: fail, name: a}
      - {type: pass, name: b}
    `),
    problems: [
      '5:24: warning: step "b": The step is never reached: no step that is reached goes on to it or jumps to it.',
    ],
    refusedBySchema: false,
  },
  {
    title: "steps behind end: true",
    text: flow(`
      - {type: pass, name: a, end: true}
      - {type: pass, name: b}
      - {type: pass, name: c}
    `),
    problems: [
      '5:24: warning: step "b": The step is never reached: no step that is reached goes on to it or jumps to it.',
      '6:24: warning: step "c": The step is never reached: no step that is reached goes on to it or jumps to it.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a step behind a choice that always jumps",
    text: flow(`
      - {type: choice, name: c, choices: [{condition: $.a, goto: c}], default: {goto: e}}
      - {type: pass, name: d}
      - {type: pass, name: e}
    `),
    problems: [
      '5:24: warning: step "d": The step is never reached: no step that is reached goes on to it or jumps to it.',
    ],
    refusedBySchema: false,
  },
  {
    title: "a step that only unreached steps jump to",
    text: flow(`
      - {type: succeed, name: a}
      - {type: choice, name: b, default: {goto: c}}
      - {type: pass, name: c}
    `),
    problems: [
      '5:26: warning: step "b": The step is never reached: no step that is reached goes on to it or jumps to it.',
      '6:24: warning: step "c": The step is never reached: no step that is reached goes on to it or jumps to it.',
    ],
    refusedBySchema: false,
  },
  {
    title: "unreached steps inside other steps",
    text: flow(`
      - type: choice
        name: c
        choices: [{condition: $.a, steps: [{type: succeed, name: s}, {type: pass, name: p}]}]
        default: {steps: [{type: succeed, name: s}, {type: pass, name: q}]}
      - {type: parallel, name: par, branches: [{steps: [{type: succeed, name: s}, {type: pass, name: r}]}]}
      - type: foreach
        name: each
        iterationMapping: {collection: $.items, item: item}
        steps: [{type: succeed, name: s}, {type: pass, name: t}]
    `),
    problems: [
      '6:85: warning: step "p": The step is never reached: no step that is reached goes on to it or jumps to it.',
      '7:68: warning: step "q": The step is never reached: no step that is reached goes on to it or jumps to it.',
      '8:98: warning: step "r": The step is never reached: no step that is reached goes on to it or jumps to it.',
      '12:58: warning: step "t": The step is never reached: no step that is reached goes on to it or jumps to it.',
    ],
    refusedBySchema: false,
  },
];
