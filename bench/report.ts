/** The comparison as people read it: medians with their spread, the ratio to the peer, and whether the target is met. */
import type { Measured } from "./compare.ts";
import { median } from "./statistics.ts";
import { type Kind, STEPS } from "./system.ts";
import { WORKLOADS } from "./workloads.ts";

/** What is asked of the ratio of our median to the peer's. */
interface Target {
  readonly text: string;
  readonly holds: (ratio: number) => boolean;
}

interface Row {
  readonly workload: string;
  readonly figure: string;
  readonly label: string;
  readonly target?: Target;
  /** The chain whose floor stands below. */
  readonly floor?: Kind;
}

const HALF: Target = { text: "at most 1/2", holds: (ratio) => ratio <= 1 / 2 };
const THIRD: Target = { text: "at most 1/3", holds: (ratio) => ratio <= 1 / 3 };
const THREEFOLD: Target = { text: "at least 3", holds: (ratio) => ratio >= 3 };

const ROWS: readonly Row[] = [
  { workload: "W1", figure: "p50", label: "p50, ms", target: HALF, floor: "w1" },
  { workload: "W1", figure: "p99", label: "p99, ms" },
  { workload: "W2", figure: "p50", label: "p50, ms", target: HALF, floor: "w2" },
  { workload: "W2", figure: "p99", label: "p99, ms" },
  { workload: "W3", figure: "stepsPerSecond", label: "steps/s", target: THREEFOLD },
  { workload: "W3", figure: "cpuPerThousand", label: "CPU s per 1,000 steps, server and workers", target: THIRD },
  { workload: "W3", figure: "cpuPerThousandWithClient", label: "… with the client" },
  { workload: "W3", figure: "peakMb", label: "memory at its peak, MB, server and workers" },
  { workload: "W3b", figure: "stepsPerSecond", label: "steps/s" },
  { workload: "W3b", figure: "acceptedPerSecond", label: "starts accepted/s" },
  { workload: "W3b", figure: "cpuPerThousand", label: "CPU s per 1,000 steps, server and workers" },
  { workload: "W4", figure: "ms", label: "ms" },
  { workload: "W5", figure: "mean", label: "late, mean ms" },
  { workload: "W5", figure: "max", label: "late, most ms" },
  { workload: "W6", figure: "p50", label: "p50, ms" },
  { workload: "W6", figure: "p99", label: "p99, ms" },
];

/** Lines of the report. The first of the systems is ours; `commitMs` is what one of its commits takes. */
export function report([ours, peer]: readonly Measured[], commitMs: number): readonly string[] {
  if (ours === undefined) return [];
  const lines = [line("", ours.system, peer?.system ?? "", peer && "ratio", peer && "target")];
  let last = "";
  for (const row of ROWS) {
    const values = valuesOf(ours, row);
    const theirs = peer === undefined ? [] : valuesOf(peer, row);
    if (values.length + theirs.length === 0) continue;
    if (row.workload !== last) lines.push(`${row.workload}  ${titleOf(row.workload)}`);
    last = row.workload;
    lines.push(line(`    ${row.label}`, spread(values), spread(theirs), ...verdict(row, values, theirs)));
    if (row.floor !== undefined)
      lines.push(`    ${floorText(row.floor, commitMs, valuesOf(ours, { ...row, figure: "commits" }))}`);
  }
  const foreign = [ours, ...(peer === undefined ? [] : [peer])].map((one) => `${one.system} ${one.foreign.toFixed(2)}`);
  return [...lines, `highest foreign load while measuring, cores: ${foreign.join(", ")}`];
}

function valuesOf(measured: Measured, { workload, figure }: Row): readonly number[] {
  return (measured.runs.get(workload) ?? []).map((figures) => figures[figure]).filter((value) => value !== undefined);
}

function verdict({ target }: Row, ours: readonly number[], theirs: readonly number[]): readonly string[] {
  if (ours.length === 0 || theirs.length === 0) return [];
  const ratio = median(ours) / median(theirs);
  return [ratio.toFixed(2), target === undefined ? "" : `${target.text}: ${target.holds(ratio) ? "met" : "MISSED"}`];
}

/** No step may run before its entry is on disk, and no end may be told before it is: that many commits one after another. */
function floorText(kind: Kind, commitMs: number, counted: readonly number[]): string {
  const commits = STEPS[kind] + 1;
  const seen = counted.length === 0 ? "" : `; ${median(counted).toFixed(1)} commits were made`;
  return `floor ${(commits * commitMs).toFixed(2)} ms: ${commits} commits, one after another${seen}`;
}

function titleOf(name: string): string {
  return WORKLOADS.find((workload) => workload.name === name)?.title ?? "";
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return "";
  return `${digits(median(values))} [${digits(Math.min(...values))}–${digits(Math.max(...values))}]`;
}

function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2);
}

function line(label: string, ...cells: readonly (string | undefined)[]): string {
  const [ours = "", theirs = "", ratio = "", target = ""] = cells;
  return `${label.padEnd(48)}${ours.padEnd(28)}${theirs.padEnd(28)}${ratio.padEnd(8)}${target}`.trimEnd();
}
