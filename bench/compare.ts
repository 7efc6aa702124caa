/** Systems measured beside each other: each started once, on fresh data, warmed up, and measured `runs` times while the others are stopped. */
import { descendants } from "./processes.ts";
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

/**
 * Measures the systems, `runs` times in turn, or until the machine is not quiet any more. All of them stay up, warm, as
 * they are in use; while one is measured the others' processes stand still.
 */
export async function compare(starts: readonly Start[], options: CompareOptions): Promise<Comparison> {
  const measured = new Map<System, { runs: Map<string, Figures[]>; foreign: number }>();
  const result = () => [...measured].map(([{ name }, { runs, foreign }]) => ({ system: name, runs, foreign }));
  try {
    for (const start of starts) {
      const system = await start();
      measured.set(system, { runs: new Map(), foreign: 0 });
      await warmUp(system, options.sizes);
      signal(system, "SIGSTOP");
    }
    for (let run = 1; run <= options.runs; run++) {
      for (const [system, of] of measured) {
        signal(system, "SIGCONT");
        await measureAll(system, options, (workload, figures, foreign) => {
          of.runs.set(workload.name, [...(of.runs.get(workload.name) ?? []), figures]);
          of.foreign = Math.max(of.foreign, foreign);
          options.say(`run ${run}/${options.runs}  ${system.name}  ${workload.name}  ${brief(figures, foreign)}`);
        });
        signal(system, "SIGSTOP");
      }
    }
    return { measured: result() };
  } catch (error) {
    if (!(error instanceof NotQuiet)) throw error;
    return { measured: result(), stopped: error };
  } finally {
    for (const system of measured.keys()) {
      signal(system, "SIGCONT");
      await system.stop();
    }
  }
}

/** Signals all processes of a system. */
function signal({ groups }: System, name: "SIGSTOP" | "SIGCONT"): void {
  for (const pid of descendants(Object.values(groups).flat())) process.kill(pid, name);
}

async function measureAll(
  system: System,
  { sizes, workloads, cores, waitSeconds }: CompareOptions,
  tell: (workload: Workload, figures: Figures, foreign: number) => void,
): Promise<void> {
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
