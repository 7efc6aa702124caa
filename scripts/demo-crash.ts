/**
 * The demo's first scene: `stepwell dev` is killed twice in the middle of a booking, once while a timer runs and once in the
 * middle of a call, and goes on each time. The functions' own log shows what ran how often.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLOW = "flows/distributed-transaction";
const DEV = ["dev", FLOW, "--functions", "scripts/demo.fixture.ts", "--port", "0", "--topics-port", "0"];

interface Attempt {
  readonly operation: string;
  readonly attemptId: string;
  readonly what: "begun" | "finished";
}

/** The operation that the second kill cuts off. */
const CUT_OFF = "cancel_flight";

/** How often each operation should have been begun, in how many attempts, and finished. */
const EXPECTED: readonly (readonly [
  operation: string,
  begun: number,
  attempts: number,
  finished: number,
  why: string,
])[] = [
  ["buy_train_ticket", 1, 1, 1, "done before the first kill, and never again"],
  ["reserve_flight", 1, 1, 1, "done before the first kill, and never again"],
  ["reserve_hotel", 4, 4, 0, "failed four times, as the flow's retry has it"],
  ["cancel_flight", 2, 1, 1, "cut off by the second kill, begun again as the same attempt"],
  ["cancel_train_ticket", 1, 1, 1, "after the second kill"],
];

/** Plays the scene in the repository's root; true when all went as it should. */
export async function crashScene(root: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "stepwell-demo-"));
  const log = join(folder, "attempts.log");
  let engine: Engine | undefined;
  try {
    const start = (slow: string) => startEngine(root, folder, { STEPWELL_DEMO_LOG: log, STEPWELL_DEMO_SLOW: slow });
    engine = start("");
    await order(await engine.url(), readFileSync(join(root, FLOW, "input.json"), "utf8"));

    await engine.line(/ReserveHotel {2}next attempt in 2 s/);
    await kill(engine, "The train and the flight are booked, the hotel is to be tried again in 2 s");
    engine = start(CUT_OFF);

    await engine.line(new RegExp(`\\| ${CUT_OFF} begins`));
    await kill(engine, "The flight is being cancelled: the function has begun, and has not returned");
    engine = start("");

    await engine.line(/flow\/trip {2}Failed after/);
    await engine.end("SIGINT");
    return judge(readAttempts(log));
  } finally {
    await engine?.end("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}

interface Engine {
  readonly pid: number | undefined;
  /** Of its HTTP endpoint, once it is ready. */
  url(): Promise<string>;
  /** Resolves when it prints that; rejects when it ends without. */
  line(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Ends it, and resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

function startEngine(root: string, folder: string, env: { readonly [name: string]: string }): Engine {
  console.log(`$ stepwell ${DEV.join(" ")}`);
  const child: ChildProcess = spawn(process.execPath, ["bin/stepwell.mjs", ...DEV, "--data", folder], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let printed = "";
  const lookers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      process.stdout.write(text);
      printed += text;
      for (const look of lookers) look();
    });
  }
  function line(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = printed.match(pattern);
        if (match === null) return;
        lookers.delete(look);
        resolve(match);
      };
      lookers.add(look);
      look();
      void ended.then(() => reject(new Error(`stepwell dev ended without printing ${pattern}`)));
    });
  }

  return {
    pid: child.pid,
    line,
    async url() {
      await line(/^ready/m);
      return (await line(/^HTTP +(\S+)$/m))[1] ?? "";
    },
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

/** Ends it as a crash would: it hears nothing of it. */
async function kill(engine: Engine, why: string): Promise<void> {
  await engine.end("SIGKILL");
  console.log(`\n   ${why}:\n   kill -9 ${engine.pid}. The process is gone. It is started again:\n`);
}

async function order(url: string, input: string): Promise<void> {
  const params = { Version: "2019-03-15", Action: "StartExecution", FlowName: "flow", ExecutionName: "trip" };
  const given = Object.entries(params).map(([name, value]) => `-d ${name}=${value}`);
  console.log(`\n$ curl ${url} ${given.join(" ")} --data-urlencode Input@${FLOW}/input.json\n`);
  const response = await fetch(url, { method: "POST", body: new URLSearchParams({ ...params, Input: input }) });
  if (!response.ok) throw new Error(`StartExecution was refused: ${await response.text()}`);
}

function readAttempts(log: string): readonly Attempt[] {
  const lines = readFileSync(log, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Attempt);
}

/** Prints what ran how often, and whether it should. */
function judge(attempts: readonly Attempt[]): boolean {
  console.log("\n   What the functions' own log says of both crashes:\n");
  let right = true;
  for (const [operation, begun, ids, finished, why] of EXPECTED) {
    const mine = attempts.filter((attempt) => attempt.operation === operation);
    const counts = [
      mine.filter(({ what }) => what === "begun").length,
      new Set(mine.map(({ attemptId }) => attemptId)).size,
      mine.filter(({ what }) => what === "finished").length,
    ];
    const fits = counts.join() === [begun, ids, finished].join();
    right &&= fits;
    const said = `begun ${counts[0]}, attempts ${counts[1]}, finished ${counts[2]}`;
    const should = `SHOULD BE begun ${begun}, attempts ${ids}, finished ${finished}`;
    console.log(`   ${fits ? "✓" : "✗"} ${operation.padEnd(20)} ${said}: ${fits ? why : should}`);
  }
  const done = attempts.filter(({ what }) => what === "finished").map(({ attemptId }) => attemptId);
  const once = new Set(done).size === done.length;
  console.log(
    once ? "\n   No step that was done ran twice." : "\n   A step that was done ran again: this is a defect.",
  );
  return right && once;
}
