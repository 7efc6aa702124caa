/** A run under fire: the handlers deployed in an emulator, reached and reaching through the fault proxy, their workers killed; then everything that it came to, looked at. */
import { setTimeout as sleep } from "node:timers/promises";
import { dice } from "../../../lib/sim/dice.ts";
import type { Deployed } from "../deployed.ts";
import { apiClient } from "./api-client.ts";
import { driver } from "./driver.ts";
import type { Fault, Rates } from "./fault-proxy.ts";
import { workOf } from "./fire-work.ts";
import { judged } from "./judged.ts";
import type { CheckedLeases } from "./lease-check.ts";
import { reporter } from "./reporter.ts";
import { LEASE_MS, openStage } from "./stage.ts";

export interface FireOptions {
  readonly seed: number;
  readonly executions: number;
  /** Their flows, in turn (fire-work.ts). */
  readonly flows: readonly string[];
  readonly rates: Rates;
  /** How often workers are killed, while executions go on being started. */
  readonly kills: number;
  /** By then all have to have ended, seconds. */
  readonly within: number;
}

export interface FireRan {
  readonly executions: number;
  readonly kills: number;
  /** Processes that were killed. */
  readonly killed: number;
  readonly reports: number;
  readonly entries: number;
  readonly leases: CheckedLeases;
  readonly faults: Readonly<Record<Fault, number>>;
  /** Requests that the emulator carried out, by service. */
  readonly requests: ReadonlyMap<string, number>;
  /** Connections to the emulator that broke by themselves. */
  readonly broken: readonly string[];
  readonly violations: readonly string[];
}

/** Workers are killed when up to so many tasks have begun for each execution that was started since the last kill. */
const BEGUN_PER_EXECUTION = 2;
const LOOK_MS = 10;

/** A run; whatever goes wrong with its executions is among the violations. */
export async function runFire({ seed, rates, flows, executions, kills, within }: FireOptions): Promise<FireRan> {
  const stage = await openStage({ seed, rates });
  const { endpoint, proxy, deployed, ledger, log, queueUrl } = stage;
  try {
    const until = Date.now() + within * 1000;
    const api = apiClient(deployed, until);
    await stage.createFlows(api);
    const outside = reporter({ api, log, sqs: deployed.sqs, queueUrl, dice: dice(seed + 1) });
    const caller = driver(api, dice(seed + 2), until);
    const works = Array.from({ length: executions }, (_, n) => workOf(n, flows));
    const chance = dice(seed + 3);
    const begun = () => log.notes.filter(({ kind }) => kind === "begin").length;
    let killed = 0;
    for (let wave = 0; wave <= kills; wave++) {
      const bound = (number: number) => Math.round((executions * number) / (kills + 1));
      const [some, before] = [works.slice(bound(wave), bound(wave + 1)), begun()];
      await caller.start(some);
      if (wave === kills) break;
      const enough = before + 1 + chance.below(some.length * BEGUN_PER_EXECUTION);
      while (begun() < enough && Date.now() < until) await sleep(LOOK_MS);
      killed += await killWorkers(deployed);
    }
    await caller.allEnded();
    await outside.close();
    await deployed.rest();
    log.read();
    const { entries, leases, violations } = await judged({ endpoint, deployed, ledger, log, leaseMs: LEASE_MS });
    return {
      ...{ executions, kills, killed, entries, leases },
      reports: outside.reports.count,
      faults: proxy.counts,
      requests: proxy.carried,
      broken: proxy.broken,
      violations: [...caller.violations, ...outside.violations, ...violations],
    };
  } finally {
    await stage.close();
  }
}

/** What came of a run, in a few lines. */
export function summaryOf({ faults, requests, broken, entries, leases, reports, killed }: FireRan): string {
  const counts = (of: Iterable<readonly [string, number]>) =>
    [...of].map(([what, count]) => `${count} ${what}`).join(", ");
  return [
    `faults: ${counts(Object.entries(faults))}`,
    `requests: ${counts(requests)}`,
    ...broken.map((what) => `broken connection: ${what}`),
    `${entries} entries, ${leases.attempts} attempts, ${leases.reruns} run again, ${leases.takeovers} leases taken over, ${reports} reports, ${killed} workers killed`,
  ].join("\n");
}

/** Kills each worker that there is; resolves with their number, which is not 0. */
async function killWorkers({ workers }: Pick<Deployed, "workers">): Promise<number> {
  for (;;) {
    const pids = await workers("advance");
    const killed = pids.filter((pid) => {
      try {
        return process.kill(pid, "SIGKILL");
      } catch {
        // It was just gone.
        return false;
      }
    });
    if (killed.length > 0) return killed.length;
    await sleep(LOOK_MS);
  }
}
