/**
 * The crash harness as a command; `--help` tells its options. Without any it runs every crash while the queue is honest and a
 * sample of everything else. Differences are printed with the case that runs them again, the first ones with their
 * trace. The last line is the sum; the exit code is 1 when there was a difference.
 */
import { parseArgs } from "node:util";
import { caseText, MODES, parseCase } from "./case.ts";
import { deployFlows } from "./deployed.ts";
import { exhaust } from "./exhaustive.ts";
import { judge } from "./expect.ts";
import {
  ALONE,
  addTotals,
  type Difference,
  EVERYTHING,
  explore,
  noTotals,
  SAMPLE,
  SHORT,
  type Share,
  type Totals,
  usualOutcome,
} from "./explore.ts";
import { type Job, parseShare, startJob } from "./jobs.ts";
import { runCase } from "./run-case.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

/** Differences that are shown with their trace. */
const TRACED = 2;
/** Differences of one flow that are shown at all. */
const SHOWN = 20;

const HELP = `npm run crash -- [options]
  --flow NAME      of this flow alone; may be given several times
  --mode MODE      hop or fused; both unless told
  --short          a sample of everything
  --full           everything but pairs of crashes
  --exhaustive     every single crash while the queue is honest, and every pair of crashes of flows with fewer than 10
                   transitions (of a few with large values a sample of the pairs; with --full all)
  --pairs          those pairs alone
  --jobs J         processes that share the work; 1 unless told
  --first          stop at the first difference
  --case CASE      run one case of one flow, and trace it
  --help`;

const { values } = parseArgs({
  options: {
    flow: { type: "string", multiple: true },
    mode: { type: "string" },
    case: { type: "string" },
    full: { type: "boolean", default: false },
    short: { type: "boolean", default: false },
    exhaustive: { type: "boolean", default: false },
    pairs: { type: "boolean", default: false },
    first: { type: "boolean", default: false },
    jobs: { type: "string", default: "1" },
    /** Of a process that shares the work: which part it does, "0/2"; it prints its results as JSON. */
    part: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** What came of a scenario. */
interface Result {
  readonly totals: Totals;
  /** How many differences there were. */
  readonly count: number;
  /** The first of them. */
  readonly shown: readonly Difference[];
}

const jobs = Number(values.jobs);
if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`--jobs has to be a whole number, not "${values.jobs}"`);
const deployment = await deployFlows();
const scenarios = SCENARIOS.filter(({ name }) => values.flow === undefined || values.flow.includes(name));
const crashing = values.exhaustive || values.pairs;
const modes = MODES.filter((mode) => values.mode === undefined || mode === values.mode);
if (scenarios.length === 0 || modes.length === 0)
  throw new Error(`no such flow or mode; flows: ${SCENARIOS.map(({ name }) => name).join(", ")}`);

if (values.help) console.log(HELP);
else if (values.part !== undefined) await runPart(parseShare(values.part));
else process.exitCode = (await (values.case === undefined ? runAll() : runOne(values.case))) === 0 ? 0 : 1;

async function runAll(): Promise<number> {
  const parts = jobs === 1 ? [] : Array.from({ length: jobs }, (_, job) => startJob<Result>({ job, jobs }));
  const totals = noTotals();
  let differences = 0;
  for (const scenario of scenarios) {
    const result = jobs === 1 ? await tryScenario(scenario, ALONE) : await gathered(parts);
    for (const [index, { case: one, wrong }] of result.shown.entries()) {
      console.log(
        `DIFFERENCE ${scenario.name} ${caseText(one)}\n  ${wrong.join("\n  ")}\n  again: node test/crash/main.ts --flow ${scenario.name} --case ${caseText(one)}`,
      );
      if (!values.first && differences + index < TRACED) await trace(scenario, caseText(one));
    }
    addTotals(totals, result.totals);
    differences += result.count;
    if (values.first && differences > 0) break;
    console.log(`${scenario.name}: ${countsOf(result.totals)}, ${result.count} differences`);
  }
  for (const part of parts) part.stop();
  const { runs, executions, transitions, points, singles, pairs, copies, lost } = totals;
  console.log(`${executions} executions, ${transitions} transitions, ${copies} duplicates, ${lost} lost messages`);
  const flows = scenarios.filter(({ unending }) => !(crashing && unending)).length;
  console.log(`${flows} flows, ${modes.length} modes, ${singles} single crashes, ${pairs} pairs of crashes`);
  console.log(`${runs} runs, ${points} crash points, ${differences} differences`);
  return differences;
}

function countsOf({ runs, points, singles, pairs }: Totals): string {
  return crashing ? `${runs} runs, ${singles} single crashes, ${pairs} pairs` : `${runs} runs, ${points} crash points`;
}

/** A share of the work: one line a scenario. */
async function runPart(share: Share): Promise<void> {
  for (const scenario of scenarios) process.stdout.write(`${JSON.stringify(await tryScenario(scenario, share))}\n`);
}

/** What all parts found in the next scenario. */
async function gathered(parts: readonly Job<Result>[]): Promise<Result> {
  const results = await Promise.all(parts.map((part) => part.next()));
  const totals = noTotals();
  for (const result of results) addTotals(totals, result.totals);
  return {
    totals,
    count: results.reduce((sum, { count }) => sum + count, 0),
    shown: results.flatMap(({ shown }) => shown).slice(0, values.first ? 1 : SHOWN),
  };
}

async function tryScenario(scenario: Scenario, share: Share): Promise<Result> {
  const totals = noTotals();
  const shown: Difference[] = [];
  let count = 0;
  for await (const difference of differencesIn(scenario, totals, share)) {
    count += 1;
    if (count <= SHOWN) shown.push(difference);
    if (values.first) break;
  }
  return { totals, count, shown };
}

function differencesIn(scenario: Scenario, totals: Totals, share: Share): AsyncGenerator<Difference> {
  if (crashing) {
    const depth = { modes, singles: values.exhaustive, whole: values.full };
    return exhaust(deployment, scenario, depth, totals, share);
  }
  const extent = values.full ? EVERYTHING : values.short ? SHORT : SAMPLE;
  return explore(deployment, scenario, { ...extent, modes }, totals, share);
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
    for (const { id, causeId, type, step, time } of events)
      console.log(`  ${id} <- ${causeId} ${type} ${step} ${new Date(time).toISOString()}`);
  }
  for (const line of wrong) console.log(`WRONG: ${line}`);
  return wrong.length === 0 ? 0 : 1;
}
