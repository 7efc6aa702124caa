/** The table of `stepwell explain`: a row an entry, with all that the journal and the traces say of it. */
import { classOf } from "../../engine/index.ts";
import { forkOf } from "../../runtime/branch.ts";
import type { Trace, TraceKind } from "../../runtime/index.ts";
import { branchText, type ExecutionDocument, type ExportedEntry, placeText } from "../journal/document.ts";
import type { Beside } from "../replay/beside.ts";
import type { Replay, Replayed } from "../replay/replay.ts";
import { effectText, eventText } from "../replay/words.ts";
import { duration } from "../run/duration.ts";
import type { Moment } from "./waiting.ts";

export interface Row {
  readonly branch: string;
  readonly seq: number;
  /** Of a foreach lane: which item it is at, from 0. */
  readonly item?: number;
  readonly step: string;
  readonly event: string;
  readonly effect: string;
  /** ms since the execution's start, as `due`. */
  readonly at: number;
  readonly anchor: number;
  readonly owner: string;
  readonly lease: string;
  /** How often each thing happened beside the journal. */
  readonly traces: { readonly [kind in TraceKind]?: number };
  /** Of an attempt its report, of a fork its join, of a sub-flow's task the execution. */
  readonly beside: string;
  readonly due?: number;
}

export function rowsOf(document: ExecutionDocument, replay: Replay, beside: Beside, moment: Moment): readonly Row[] {
  const since = document.header.startedAt;
  const traces = Map.groupBy(document.traces, placeText);
  const tips = new Map(replay.entries.map(({ entry }) => [entry.branch, entry.seq]));
  return replay.entries.map((replayed) => {
    const { entry, event, transition, step } = replayed;
    const { branch, seq, at, anchor, writer, due } = entry;
    const isTip = tips.get(branch) === seq;
    return {
      branch: branchText(branch),
      seq,
      ...itemOf(replayed),
      step,
      event: eventText(event),
      effect: transition === undefined ? entry.effect : effectText(transition.effect, transition.state.time),
      at: at - since,
      anchor,
      owner: entry.lease === undefined ? writer : entry.lease.owner,
      lease: leaseText(entry, isTip && !isOver(document, replayed, beside), moment),
      traces: countOf(traces.get(placeText(entry)) ?? []),
      beside: besideText(replayed, beside),
      ...(due === undefined ? {} : { due: due - since }),
    };
  });
}

/** Nothing more is to be done for a branch's last entry: its end is recorded where it belongs. */
function isOver({ header }: ExecutionDocument, { entry, transition }: Replayed, beside: Beside): boolean {
  if (header.status !== "Running") return true;
  const up = forkOf("", entry.branch);
  if (up === undefined || transition === undefined || classOf(transition.effect) !== "closing") return false;
  const join = beside.join(up.fork);
  return join?.done.includes(up.index) === true || join?.failure !== undefined;
}

function leaseText({ lease, writer, settled }: ExportedEntry, isLive: boolean, { now, inUse }: Moment): string {
  if (lease === undefined) return "";
  const taken = lease.owner === writer ? "" : ", taken over";
  if (settled) return `settled${taken}`;
  if (!isLive) return `done${taken}`;
  if (!inUse) return `void${taken}`;
  const left = lease.until - now;
  return left > 0 ? `held, ${duration(Math.round(left / 1000) * 1000)} left${taken}` : `over${taken}`;
}

function itemOf({ transition }: Replayed): Pick<Row, "item"> {
  const lane = transition?.state.lane;
  return lane?.kind === "foreach" ? { item: lane.item } : {};
}

function countOf(traces: readonly Trace[]): Row["traces"] {
  const counts: { [kind in TraceKind]?: number } = {};
  for (const { kind } of traces) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function besideText({ entry, transition }: Replayed, beside: Beside): string {
  const { effect, child } = entry;
  if (effect === "submit") {
    const outcome = beside.verdict(entry)?.outcome;
    const report =
      outcome === undefined ? "no report" : outcome.kind === "failed" ? `failed ${outcome.error}` : outcome.kind;
    return child === undefined ? report : `${child.flow}/${child.name}: ${report}`;
  }
  if (transition?.effect.kind !== "fork") return "";
  const join = beside.join(entry);
  const failure = join?.failure === undefined ? "" : `, [${join.failure.index}] failed ${join.failure.error}`;
  return `${join?.done.length ?? 0} of ${transition.effect.branches} done${failure}`;
}
