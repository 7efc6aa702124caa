/**
 * `npm run demo`: a booking whose engine is killed twice, then the booking when all goes well and when the hotel fails, then
 * the polling flow with a short wait, by the very commands that a user would type. Exits 1 when one of them does not end as it
 * should.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { crashScene } from "./demo-crash.ts";

interface Scene {
  readonly title: string;
  readonly lookAt: string;
  readonly flow: string;
  readonly input: string;
  readonly functions: string;
  /** How the command exits when it does what it should: 0 Succeeded, 1 Failed. */
  readonly exit: number;
}

const saga = "flows/distributed-transaction";
const poll = "flows/poll-task-status";

const scenes: readonly Scene[] = [
  {
    title: "The same flow by one command, on a day when all three can be booked.",
    lookAt: "the output: each booking left its transaction id",
    flow: `${saga}/flow.yml`,
    input: `@${saga}/input-success.json`,
    functions: `${saga}/functions.ts`,
    exit: 0,
  },
  {
    title: "And once more with the full hotel, undisturbed: its function exits in the middle of its work.",
    lookAt:
      "three retries after 1, 2 and 4 s, then CancelFlight and CancelTrainTicket, each with its booking's id; the order ends as Failed",
    flow: `${saga}/flow.yml`,
    input: `@${saga}/input.json`,
    functions: `${saga}/functions.ts`,
    exit: 1,
  },
  {
    title: "A job that takes two seconds, and a flow that asks every second whether it is done.",
    lookAt: "the loop: Wait1s, GetJobStatus, CheckJobComplete, and try_count in the output",
    flow: `${poll}/flow-quick.yml`,
    input: '{"delay":2}',
    functions: `${poll}/functions.ts`,
    exit: 0,
  },
];

const root = fileURLToPath(new URL("..", import.meta.url));
let wrong = 0;

console.log(`1. A train, a flight and a hotel: all of them or none. The hotel is full, so what is booked has to be cancelled, and
   meanwhile the engine is killed twice. Look at what is done again after each kill, and what is not.
`);
try {
  if (!(await crashScene(root))) wrong += 1;
} catch (error) {
  wrong += 1;
  console.log(`This should have gone on: ${error instanceof Error ? error.message : error}`);
}

for (const [i, { title, lookAt, flow, input, functions, exit }] of scenes.entries()) {
  const args = ["run", flow, "--input", input, "--functions", functions];
  const quoted = args.map((arg) => (/[^\w./@-]/.test(arg) ? `'${arg}'` : arg));
  console.log(`\n${i + 2}. ${title}\n   Look at ${lookAt}.\n\n$ stepwell ${quoted.join(" ")}`);
  const { status } = spawnSync(process.execPath, ["bin/stepwell.mjs", ...args], { cwd: root, stdio: "inherit" });
  if (status !== exit) {
    wrong += 1;
    console.log(`This should have exited with ${exit}, but it exited with ${status}.`);
  }
}

console.log(`
Each answer of a task and each timer that went off is on disk before anything is done about it. npm run crash cuts the engine
off at every call that it makes. The flows and their functions are in flows/.`);
process.exitCode = wrong === 0 ? 0 : 1;
