/** Systems measured beside each other: run by run in turn, each alone on the machine and on fresh data. */
import { foreignLoad, NotQuiet, quiet } from "./quiet.ts";
import type { System } from "./system.ts";
import { type Figures, type Sizes, type Workload, warmUp } from "./workloads.ts";

/** Starts a system anew. */
export type Start = () => Promise<System>;

export interface CompareOptions {
  readonly runs: number;
  readonly sizes: Sizes;
  readonly workloads: readonly Workload[];
  /** Foreign load that is allowed, cores, and how long to wait for it, s. */
  readonly cores: number;
  readonly waitSeconds: number;
  /** Told what is going on. */
  readonly say: (line: string) => void;
}

/** What was measured of one system: every run's figures by workload. */
export interface Measured {
  readonly system: string;
  readonly runs: ReadonlyMap<string, readonly Figures[]>;
  /** Highest foreign load while something was measured, cores. */
  readonly foreign: number;
}

export interface Comparison {
  readonly measured: readonly Measured[];
  /** Why it ended before all runs were done. */
  readonly stopped?: NotQuiet;
}

/** Measures the systems one after another, `runs` times, or until the machine is not quiet any more. */
export async function compare(starts: readonly Start[], options: CompareOptions): Promise<Comparison> {
  const bySystem = new Map<string, { runs: Map<string, Figures[]>; foreign: number }>();
  const measured = () => [...bySystem].map(([system, { runs, foreign }]) => ({ system, runs, foreign }));
  for (let run = 1; run <= options.runs; run++) {
    for (const start of starts) {
      const system = await start();
      const of = bySystem.get(system.name) ?? { runs: new Map<string, Figures[]>(), foreign: 0 };
      bySystem.set(system.name, of);
      try {
        await measureAll(system, options, (workload, figures, foreign) => {
          of.runs.set(workload.name, [...(of.runs.get(workload.name) ?? []), figures]);
          of.foreign = Math.max(of.foreign, foreign);
          options.say(`run ${run}/${options.runs}  ${system.name}  ${workload.name}  ${brief(figures, foreign)}`);
        });
      } catch (error) {
        if (!(error instanceof NotQuiet)) throw error;
        return { measured: measured(), stopped: error };
      } finally {
        await system.stop();
      }
    }
  }
  return { measured: measured() };
}

async function measureAll(
  system: System,
  { sizes, workloads, cores, waitSeconds }: CompareOptions,
  tell: (workload: Workload, figures: Figures, foreign: number) => void,
): Promise<void> {
  await warmUp(system, sizes);
  const ours = Object.values(system.groups).flat();
  for (const workload of workloads) {
    await quiet(ours, cores, waitSeconds);
    const load = foreignLoad(ours);
    const figures = await workload.measure(system, sizes);
    tell(workload, figures, load());
  }
}

function brief(figures: Figures, foreign: number): string {
  const texts = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return `${texts.join(", ")} (foreign load ${foreign.toFixed(2)})`;
}
