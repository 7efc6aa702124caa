/**
 * The crash harness as a command: `node test/crash/main.ts [--flow NAME] [--mode hop|fused] [--full | --short] [--first] [--case CASE]`.
 * Without `--full` it runs every crash while the queue is honest and a sample of everything else; with `--short` a sample of
 * all. `--first` stops at the first difference. `--case` runs one case of
 * one flow with its trace. The last line is the sum; the exit code is 1 when there was a difference.
 */
import { parseArgs } from "node:util";
import { caseText, MODES, parseCase } from "./case.ts";
import { deployFlows } from "./deployed.ts";
import { judge } from "./expect.ts";
import { EVERYTHING, explore, noTotals, SAMPLE, SHORT, usualOutcome } from "./explore.ts";
import { runCase } from "./run-case.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

/** Differences that are shown with their trace. */
const TRACED = 2;
/** Differences of one flow that are shown at all. */
const SHOWN = 20;

const { values } = parseArgs({
  options: {
    flow: { type: "string", multiple: true },
    mode: { type: "string" },
    case: { type: "string" },
    full: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    first: { type: "boolean", default: false },
  },
});

const deployment = await deployFlows();
const scenarios = SCENARIOS.filter(({ name }) => values.flow === undefined || values.flow.includes(name));
const modes = MODES.filter((mode) => values.mode === undefined || mode === values.mode);
if (scenarios.length === 0 || modes.length === 0)
  throw new Error(`no such flow or mode; flows: ${SCENARIOS.map(({ name }) => name).join(", ")}`);
process.exitCode = (await (values.case === undefined ? runAll() : runOne(values.case))) === 0 ? 0 : 1;

async function runAll(): Promise<number> {
  const totals = noTotals();
  const extent = { ...(values.full ? EVERYTHING : values.short ? SHORT : SAMPLE), modes };
  let differences = 0;
  for (const scenario of scenarios) {
    const before = { ...totals };
    let here = 0;
    for await (const { case: one, wrong } of explore(deployment, scenario, extent, totals)) {
      differences += 1;
      here += 1;
      if (here > SHOWN) continue;
      console.log(
        `DIFFERENCE ${scenario.name} ${caseText(one)}\n  ${wrong.join("\n  ")}\n  again: node test/crash/main.ts --flow ${scenario.name} --case ${caseText(one)}`,
      );
      if (values.first) return differences;
      if (differences <= TRACED) await trace(scenario, caseText(one));
    }
    console.log(
      `${scenario.name}: ${totals.runs - before.runs} runs, ${totals.points - before.points} crash points, ${here} differences`,
    );
  }
  const { runs, executions, transitions, points, copies, lost } = totals;
  console.log(`${executions} executions, ${transitions} transitions, ${copies} duplicates, ${lost} lost messages`);
  console.log(`${runs} runs, ${points} crash points, ${differences} differences`);
  return differences;
}

async function runOne(text: string): Promise<number> {
  let differences = 0;
  for (const scenario of scenarios) differences += await trace(scenario, text);
  console.log(`${scenarios.length} runs, ${scenarios.length} crash points, ${differences} differences`);
  return differences;
}

async function trace(scenario: Scenario, text: string): Promise<number> {
  const one = parseCase(text);
  const ran = await runCase(deployment, scenario, one, { trace: (line) => console.log(line) });
  const wrong = judge(scenario, await usualOutcome(deployment, scenario), one, ran);
  for (const [name, { text: end, events }] of ran.outcome) {
    console.log(`${name}: ${end}`);
    for (const { EventId, ScheduleEventId, Type, StepName, Time } of events)
      console.log(`  ${EventId} <- ${ScheduleEventId} ${Type} ${StepName} ${Time}`);
  }
  for (const line of wrong) console.log(`WRONG: ${line}`);
  return wrong.length === 0 ? 0 : 1;
}
