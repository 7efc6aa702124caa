/** What a branch waits for now, in plain words. */
import type { TaskEffect } from "../../engine/index.ts";
import type { ExportedVerdict } from "../journal/document.ts";
import type { Beside } from "../replay/beside.ts";
import { callText } from "../replay/words.ts";
import { causeText } from "../run/cause.ts";
import { duration } from "../run/duration.ts";
import type { Tip } from "./tips.ts";

/** When, and whether a process works on the execution then. */
export interface Moment {
  readonly now: number;
  readonly inUse: boolean;
}

/** One sentence without its full stop, for example `step "approve" waits for a report since 12 s; times out in 4 min`. */
export function waitingText(tip: Tip, beside: Beside, moment: Moment): string {
  const lane = tip.tip?.transition?.state.lane;
  const item = lane?.kind === "foreach" ? ` (item ${lane.item})` : "";
  const where = tip.branch === "" ? "" : `branch ${tip.branch}${item}: `;
  return `${where}${sentence(tip, beside, moment)}`;
}

function sentence({ branch, tip, before, join }: Tip, beside: Beside, moment: Moment): string {
  const { now } = moment;
  if (tip === undefined) return branch === "" ? "it is about to begin" : "is about to begin";
  const { entry, transition, step } = tip;
  const named = `step "${step}"`;
  const effect = transition?.effect;
  if (effect === undefined) return `its journal cannot be read from entry ${entry.seq} on: stepwell replay says why`;
  switch (effect.kind) {
    case "invoke":
      return `${named} runs ${callText(effect.call)} ${since(entry.at, now)}${attempt(effect)}${leaseNote(tip, moment)}`;
    case "submit":
      return `${named} hands its task to ${callText(effect.call)} ${since(entry.at, now)}${attempt(effect)}${leaseNote(tip, moment)}`;
    case "awaitVerdict": {
      const submit = before?.transition?.effect;
      const task = submit?.kind === "submit" ? submit : undefined;
      return reportSentence(named, task, { tip, before, verdict: before && beside.verdict(before.entry) }, now);
    }
    case "timer":
      return effect.purpose === "wait"
        ? `${named} waits until ${new Date(effect.due).toISOString()}${inTime(effect.due, now)}`
        : `${named} failed${failure(tip)} and is tried again${retryNumber(tip)}${inTime(effect.due, now)}`;
    case "fork": {
      const failed = join?.failure;
      return failed === undefined
        ? `all branches of ${named} are done; it is about to go on`
        : `branch ${failed.index} of ${named} failed (${failed.error}); it is about to go on`;
    }
    case "continue":
      return `${step === "" ? "it" : named} is about to go on${leaseNote(tip, moment)}`;
    default:
      return `its end (${effect.kind}) is being recorded${leaseNote(tip, moment)}`;
  }
}

interface Awaiting {
  readonly tip: NonNullable<Tip["tip"]>;
  readonly before: Tip["before"];
  readonly verdict: ExportedVerdict | undefined;
}

function reportSentence(
  named: string,
  task: TaskEffect | undefined,
  { tip, before, verdict }: Awaiting,
  now: number,
): string {
  if (verdict?.outcome !== undefined) return `${named} was reported (${verdict.outcome.kind}) and is about to go on`;
  const due = verdict?.due ?? tip.entry.due;
  const child = before?.entry.child;
  const what =
    child !== undefined
      ? `the end of sub-flow ${child.flow}/${child.name}`
      : task?.pattern === "sync"
        ? `the end of ${callText(task.call)}`
        : "a report";
  const limit =
    due === undefined
      ? ""
      : due > now
        ? `; times out in ${duration(rounded(due - now))}${heartbeat(task)}`
        : `; its time was over ${ago(due, now)}`;
  return `${named} waits for ${what} ${since((before ?? tip).entry.at, now)}${task ? attempt(task) : ""}${limit}`;
}

function heartbeat(task: TaskEffect | undefined): string {
  return task?.heartbeatSeconds === undefined ? "" : " without a heartbeat or a report";
}

function attempt({ retryCount }: TaskEffect): string {
  return retryCount === 0 ? "" : `, attempt ${retryCount + 1}`;
}

function failure({ event }: NonNullable<Tip["tip"]>): string {
  if (event.kind === "taskFailed" || event.kind === "branchFailed") {
    const why = causeText(event.cause);
    return ` (${event.error}${why === "" ? "" : `: ${why}`})`;
  }
  if (event.kind !== "reported" || event.verdict.kind === "succeeded") return "";
  return event.verdict.kind === "failed" ? ` (${event.verdict.error})` : " (FnF.TaskTimeout)";
}

function retryNumber({ transition }: NonNullable<Tip["tip"]>): string {
  const waiting = transition?.state.waiting;
  return waiting?.kind === "retry" ? ` as attempt ${waiting.attempts.retryCount + 1}` : "";
}

/** A worker whose lease is over has crashed or stalled, or its message waits to come back. */
function leaseNote({ entry }: NonNullable<Tip["tip"]>, { now, inUse }: Moment): string {
  const { lease, settled } = entry;
  if (lease === undefined || settled) return "";
  if (!inUse) return "; the process that worked on it is gone";
  if (lease.until > now) return "";
  return `; the lease of its worker has been over for ${duration(rounded(now - lease.until))}`;
}

function inTime(due: number, now: number): string {
  return due > now ? ` (in ${duration(rounded(due - now))})` : ` (due ${ago(due, now)})`;
}

function since(time: number, now: number): string {
  return `since ${duration(rounded(now - time))}`;
}

function ago(time: number, now: number): string {
  return `${duration(rounded(now - time))} ago`;
}

/** Tenths of seconds are enough for people. */
function rounded(ms: number): number {
  return ms < 10_000 ? Math.round(ms / 100) * 100 : Math.round(ms / 1000) * 1000;
}
