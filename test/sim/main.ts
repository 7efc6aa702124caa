/**
 * The simulation as a command: `npm run sim -- [--seed S] [--runs N] [--jobs J] [--first]` runs N random plans; `--run K` runs
 * one of them with its trace, `--smallest` the smallest plan that was found to go as wrong. The same seed says the same, byte for
 * byte; only what goes to stderr tells of time. The last line is the sum; the exit code is 1 when there was a violation.
 */
import { availableParallelism } from "node:os";
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { Plan } from "../../lib/sim/plan.ts";
import type { Share } from "../crash/explore.ts";
import { type Job, parseShare, startJob } from "../crash/jobs.ts";
import { writePlan } from "./arbitrary/plans.ts";
import { deployPlan } from "./run-plan.ts";
import { type Result, resultsOf, SERIES, sketchOf, tried } from "./runs.ts";
import { smallest } from "./smallest.ts";
import { addTo, noTotals, textOf } from "./totals.ts";

/** Violations that are shown, and what is wrong in each. */
const SHOWN = 10;
const LINES = 5;

const HELP = `npm run sim -- [options]
  --seed S      of all that is random; 1 unless told
  --runs N      plans to run; 1000 unless told
  --from K      the first of them; 0 unless told
  --jobs J      processes that share the work; as many as there are cores unless told
  --first       stop at the first violation
  --run K       run that one alone, and trace it
  --smallest    with --run: make the plan smaller first, as long as it still goes wrong
  --help`;

const { values } = read({
  options: {
    seed: { type: "string", default: "1" },
    runs: { type: "string", default: "1000" },
    from: { type: "string", default: "0" },
    jobs: { type: "string", default: String(availableParallelism()) },
    first: { type: "boolean", default: false },
    run: { type: "string" },
    smallest: { type: "boolean", default: false },
    /** Of a process that shares the work: which part it does, "1/2"; it prints its results as JSON. */
    part: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

function read<const C extends ParseArgsConfig>(config: C): ReturnType<typeof parseArgs<C>> {
  try {
    return parseArgs(config);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(why: string): never {
  console.error(`${why}\n\n${HELP}`);
  process.exit(2);
}

const seed = whole("seed");

if (values.help) console.log(HELP);
else if (values.run !== undefined) process.exitCode = await showRun(whole("run"));
else if (values.part !== undefined) await runPart(parseShare(values.part));
else process.exitCode = await runAll();

async function runAll(): Promise<number> {
  const [runs, jobs] = [whole("runs"), Math.max(1, whole("jobs"))];
  const began = performance.now();
  const totals = noTotals();
  const violations: Result[] = [];
  const parts = Array.from({ length: jobs }, (_, job) => ({ job, jobs })).map((share) => ({
    runs: runsOf(share),
    process: jobs === 1 ? ownJob(share) : startJob<Result>(share),
  }));
  let stopped = false;
  await Promise.all(
    parts.map(async ({ runs: theirs, process: part }) => {
      for (let left = theirs.length; left > 0 && !stopped; left--) {
        const result = await part.next();
        addTo(totals, result);
        if (result.wrong.length === 0) continue;
        violations.push(result);
        stopped ||= values.first;
      }
    }),
  );
  for (const { process: part } of parts) part.stop();
  violations.sort((one, other) => one.run - other.run);
  for (const { run, wrong } of violations.slice(0, SHOWN)) {
    console.log(`VIOLATION in run ${run}:\n  ${wrong.slice(0, LINES).join("\n  ")}`);
    console.log(`  again: npm run sim -- --seed ${seed} --run ${run}`);
  }
  if (violations.length > SHOWN) console.log(`… and ${violations.length - SHOWN} more`);
  console.log(textOf(totals));
  const seconds = (performance.now() - began) / 1_000;
  console.error(
    `${seconds.toFixed(1)} s, ${Math.round(totals.executions / seconds / jobs)} executions a second and process`,
  );
  console.log(`${values.first ? totals.runs : runs} runs, ${violations.length} violations`);
  return violations.length === 0 ? 0 : 1;
}

/** The runs of a share: series go to the processes in turn. */
function runsOf({ job, jobs }: Share): readonly number[] {
  const [from, count] = [whole("from"), whole("runs")];
  return Array.from({ length: count }, (_, index) => from + index).filter(
    (run) => Math.floor(run / SERIES) % jobs === job,
  );
}

/** A share of the work: one line a run. */
async function runPart(share: Share): Promise<void> {
  for await (const result of shareOf(share)) process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** All of the work, done in this process. */
function ownJob(share: Share): Job<Result> {
  const results = shareOf(share);
  return {
    async next() {
      const result = await results.next();
      if (result.done) throw new Error("there is no other run");
      return result.value;
    },
    stop: () => void results.return(undefined),
  };
}

function shareOf(share: Share): AsyncGenerator<Result> {
  // Refusals are thrown by the thousand; where one comes from shows when its run is run alone.
  Error.stackTraceLimit = 0;
  return resultsOf(seed, runsOf(share));
}

async function showRun(run: number): Promise<number> {
  const sketch = sketchOf(seed, run);
  const fails = async (plan: Plan) => (await tried(plan, await deployPlan(plan))).wrong.length > 0;
  const plan = values.smallest ? await smallest(sketch, fails) : writePlan(sketch);
  const { flows, ...rest } = plan;
  for (const [name, text] of Object.entries(flows)) console.log(`flow ${name}: ${text}`);
  console.log(JSON.stringify(rest));
  const ran = await tried(plan, await deployPlan(plan), (line) => console.log(line));
  for (const line of ran.wrong) console.log(`WRONG: ${line}`);
  const totals = noTotals();
  addTo(totals, ran);
  console.log(textOf(totals));
  const violations = ran.wrong.length > 0 ? 1 : 0;
  console.log(`1 runs, ${violations} violations`);
  return violations;
}

function whole(name: "seed" | "runs" | "from" | "jobs" | "run"): number {
  const text = values[name] ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse(`--${name} has to be a whole number, not "${text}"`);
}
