/** What Linux says of processes in /proc: their processor time and memory, with all their descendants. */
import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second: the unit of times in /proc/PID/stat, 100 on every Linux that Node runs on. */
const TICKS = 100;

interface Process {
  readonly parent: number;
  /** Processor time of it and of its children that have ended and were waited for, s. */
  readonly seconds: number;
}

/** The processes that belong to one thing measured. */
export type Groups = { readonly [group: string]: readonly number[] };

export interface Usage {
  /** Processor time, s. */
  readonly seconds: number;
  /** Most memory at a time, MB: proportional set size where a group has several processes, for they share pages. */
  readonly peakMb: number;
}

/** Processor time by now of processes and their descendants, s. */
export function processorSeconds(roots: readonly number[]): number {
  const table = processTable();
  return family(table, roots).reduce((sum, pid) => sum + (table.get(pid)?.seconds ?? 0), 0);
}

/** The processes and their descendants by now. */
export function descendants(roots: readonly number[]): readonly number[] {
  return family(processTable(), roots);
}

/** Memory of a process, KB; zeros when it is gone. `anonymous` is what it allocated: heap and stacks, no files. */
export function memoryKb(pid: number): { readonly rss: number; readonly pss: number; readonly anonymous: number } {
  const text = read(`/proc/${pid}/smaps_rollup`) ?? "";
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  return { rss: field("Rss"), pss: field("Pss"), anonymous: field("Anonymous") };
}

/** Measures groups of processes from now on; the function that it returns ends that and gives what they used. */
export function meter(groups: Groups): () => { readonly [group: string]: Usage } {
  const before = Object.fromEntries(Object.entries(groups).map(([name, pids]) => [name, processorSeconds(pids)]));
  const peaks = new Map<string, number>();
  const sample = () => {
    const table = processTable();
    for (const [name, pids] of Object.entries(groups)) {
      const members = family(table, pids);
      const kb = members.map(memoryKb).reduce((sum, one) => sum + (members.length === 1 ? one.rss : one.pss), 0);
      peaks.set(name, Math.max(peaks.get(name) ?? 0, kb));
    }
  };
  sample();
  const timer = setInterval(sample, 500);
  return () => {
    clearInterval(timer);
    sample();
    return Object.fromEntries(
      Object.entries(groups).map(([name, pids]) => [
        name,
        { seconds: processorSeconds(pids) - (before[name] ?? 0), peakMb: (peaks.get(name) ?? 0) / 1024 },
      ]),
    );
  };
}

function processTable(): ReadonlyMap<number, Process> {
  const table = new Map<number, Process>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : undefined;
    if (stat === undefined) continue;
    // The name of the program, in parentheses, may hold anything. After it: state, parent, …, utime, stime, cutime, cstime.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    table.set(Number(name), { parent: Number(fields[1]), seconds: ticks / TICKS });
  }
  return table;
}

/** Those of the processes that are there, and all their descendants. */
function family(table: ReadonlyMap<number, Process>, roots: readonly number[]): readonly number[] {
  const members = new Set(roots.filter((pid) => table.has(pid)));
  for (let before = -1; before < members.size; ) {
    before = members.size;
    for (const [pid, { parent }] of table) if (members.has(parent)) members.add(pid);
  }
  return [...members];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // it ended
  }
}
