/** Broken definitions: the top level (fdl.md §1.1, §9.2). */
import { type Flawed, PASS } from "./definition-text.ts";

export const brokenFlows: readonly Flawed[] = [
  {
    title: "everything missing",
    text: "{}",
    problems: [
      '1:1: error: A flow needs "version".',
      '1:1: error: A flow needs "type".',
      '1:1: error: A flow needs "steps".',
    ],
    refusedBySchema: true,
  },
  {
    title: "an unknown key beside",
    text: `{version: v1, type: flow, steps: [${PASS}], colour: red, timeoutSeconds: -1}`,
    problems: [
      '1:59: warning: A flow has no key "colour": it is ignored.',
      '1:88: error: "timeoutSeconds" must be a whole number of seconds, from 1 to 31536000, not the number -1.',
    ],
    refusedBySchema: true,
  },
  {
    title: "CloudFlow by its type",
    text: "Type: StateMachine\nSpecVersion: v1\nStartAt: a\nStates: []\n",
    problems: [
      "1:1: error: This is a CloudFlow definition (StateMachine), which is not supported: a flow has version: v1 and type: flow.",
    ],
    refusedBySchema: true,
  },
  {
    title: "CloudFlow by its type in small letters",
    text: "version: v1\ntype: StateMachine\nsteps: []\n",
    problems: [
      "2:1: error: This is a CloudFlow definition (StateMachine), which is not supported: a flow has version: v1 and type: flow.",
    ],
    refusedBySchema: true,
  },
  {
    title: "CloudFlow by its states",
    text: "version: v1\nStates:\n  - {Type: Pass, Name: a}\n",
    problems: [
      "2:1: error: This is a CloudFlow definition (StateMachine), which is not supported: a flow has version: v1 and type: flow.",
    ],
    refusedBySchema: true,
  },
  {
    title: "CloudFlow by its version",
    text: "Name: x\nSpecVersion: v1\n",
    problems: [
      "2:1: error: This is a CloudFlow definition (StateMachine), which is not supported: a flow has version: v1 and type: flow.",
    ],
    refusedBySchema: true,
  },
  {
    title: "CloudFlow by its start",
    text: "Name: x\nStartAt: a\n",
    problems: [
      "2:1: error: This is a CloudFlow definition (StateMachine), which is not supported: a flow has version: v1 and type: flow.",
    ],
    refusedBySchema: true,
  },
  {
    title: "another version",
    text: `version: v2\ntype: flow\nsteps:\n  - ${PASS}\n`,
    problems: ['1:10: error: "version" must be "v1", "v1beta1" or "v1.0", not "v2". Did you mean "v1"?'],
    refusedBySchema: true,
  },
  {
    title: "a version that is a number",
    text: `version: 1.0\ntype: flow\nsteps:\n  - ${PASS}\n`,
    problems: ['1:10: error: "version" must be "v1", "v1beta1" or "v1.0", not the number 1.'],
    refusedBySchema: true,
  },
  {
    title: "another type",
    text: `version: v1\ntype: flows\nsteps:\n  - ${PASS}\n`,
    problems: ['2:7: error: "type" must be "flow", not "flows". Did you mean "flow"?'],
    refusedBySchema: true,
  },
  {
    title: "steps that are a map",
    text: `version: v1\ntype: flow\nsteps: ${PASS}\n`,
    problems: ['3:8: error: "steps" must be a list of steps, not a map.'],
    refusedBySchema: true,
  },
  {
    title: "no steps in the list",
    text: "version: v1\ntype: flow\nsteps: []\n",
    problems: ['3:8: error: "steps" must not be an empty list.'],
    refusedBySchema: true,
  },
  {
    title: "no value for steps",
    text: "version: v1\ntype: flow\nsteps:\n",
    problems: ['3:1: error: "steps" has no value.'],
    refusedBySchema: true,
  },
  {
    title: "a time-out of 0",
    text: `version: v1\ntype: flow\ntimeoutSeconds: 0\nsteps:\n  - ${PASS}\n`,
    problems: [
      '3:17: error: "timeoutSeconds" must be a whole number of seconds, from 1 to 31536000, not the number 0.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a time-out over a year",
    text: `version: v1\ntype: flow\ntimeoutSeconds: 31536001\nsteps:\n  - ${PASS}\n`,
    problems: [
      '3:17: error: "timeoutSeconds" must be a whole number of seconds, from 1 to 31536000, not the number 31536001.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a time-out in quotes",
    text: `version: v1\ntype: flow\ntimeoutSeconds: '60'\nsteps:\n  - ${PASS}\n`,
    problems: [
      '3:17: error: "timeoutSeconds" must be a whole number of seconds, from 1 to 31536000, not the string "60": write 60 without quotes.',
    ],
    refusedBySchema: true,
  },
  {
    title: "a fraction of a second as a time-out",
    text: `version: v1\ntype: flow\ntimeoutSeconds: 1.5\nsteps:\n  - ${PASS}\n`,
    problems: [
      '3:17: error: "timeoutSeconds" must be a whole number of seconds, from 1 to 31536000, not the number 1.5.',
    ],
    refusedBySchema: true,
  },
  {
    title: "pinAliases that is a word",
    text: `version: v1\ntype: flow\npinAliases: yes\nsteps:\n  - ${PASS}\n`,
    problems: ['3:13: error: "pinAliases" must be true or false, not the string "yes": write true.'],
    refusedBySchema: true,
  },
  {
    title: "a misspelt key",
    text: `version: v1\ntype: flow\ntimeoutSecond: 5\nstep:\n  - ${PASS}\n`,
    problems: [
      '3:1: error: A flow has no key "timeoutSecond". Did you mean "timeoutSeconds"?',
      '4:1: error: A flow has no key "step". Did you mean "steps"?',
    ],
    refusedBySchema: true,
  },
  {
    title: "a key in another case",
    text: `Version: v1\ntype: flow\nsteps:\n  - ${PASS}\n`,
    problems: ['1:1: error: A flow has no key "Version". Did you mean "version"?'],
    refusedBySchema: true,
  },
  {
    title: "a name that is a number",
    text: `version: v1\ntype: flow\nname: 5\nsteps:\n  - ${PASS}\n`,
    problems: ['3:7: error: "name" must be a string, not the number 5: write "5".'],
    refusedBySchema: true,
  },
  {
    title: "flow mappings that are wrong",
    text: `version: v1\ntype: flow\ninputMappings: {target: a}\noutputMappings: [{source: $local}]\nsteps:\n  - ${PASS}\n`,
    problems: [
      '3:16: error: "inputMappings" must be a list of mappings, not a map: write [{target: key, source: value}].',
      '4:18: error: A mapping needs "target".',
    ],
    refusedBySchema: true,
  },
];
