/**
 * Nothing that is unfinished is forgotten: each branch of a running execution has something that will move it, a message, a
 * timer, its branches, a sub-flow, or a report from outside that it may still get.
 */

import { childBranch, ROOT } from "../../../lib/runtime/branch.ts";
import type { Message } from "../../../lib/runtime/message.ts";
import type { Entry, JoinItem } from "../../../lib/runtime/ports/journal.ts";
import { isClosing } from "./entries.ts";
import type { Facts } from "./facts.ts";
import { at, type Execution, nameOf, type Violation } from "./records.ts";

/** `find` gives the execution of a flow by name; `now` in ms. */
export function* checkLiveness(
  facts: Facts,
  find: (flow: string, name: string) => Execution | undefined,
  now: number,
): Generator<Violation> {
  const { header, branches, messages, flow } = facts;
  if (header.status !== "Running") return;
  const stuck = (branch: string, tip: Entry | undefined, text: string): Violation => ({
    execution: nameOf(header),
    branch,
    ...(tip === undefined ? {} : { seq: tip.seq }),
    text,
  });
  if (flow?.timeoutSeconds !== undefined && branches.has(ROOT)) {
    const armed = messages.some((message) => message.kind === "ended" || isOf(message, ROOT, 0));
    if (!armed) yield stuck(ROOT, undefined, "it has a time-out that nothing will bring about");
  }
  yield* lookAt(ROOT, false);

  function* lookAt(branch: string, forking: boolean): Generator<Violation> {
    const tip = branches.get(branch)?.at(-1);
    if (tip === undefined) {
      if (!forking && !messages.some((message) => isOf(message, branch, 0)))
        yield stuck(branch, tip, "it has neither entry 0 nor its message");
      return;
    }
    if (tip.effect === "fork") {
      yield* lookBelow(tip);
      return;
    }
    const until = Math.max(now, tip.effect === "timer" ? (tip.due ?? 0) : 0);
    if (messages.some((message) => moves(message, tip) && isDue(message, until))) return;
    switch (tip.effect) {
      case "awaitVerdict":
        yield* lookForReport(tip);
        break;
      default:
        yield stuck(
          branch,
          tip,
          isClosing(tip.effect)
            ? "its closing effect is not done and nothing will do it"
            : `nothing goes on with its "${tip.effect}"`,
        );
    }
  }

  function* lookBelow(fork: Entry): Generator<Violation> {
    const { branch, seq } = fork;
    const join = facts.joins.get(at(branch, seq));
    const width = facts.widths.get(at(branch, seq)) ?? 0;
    const all = Array.from({ length: width }, (_, index) => index);
    // It will start the branches again.
    const forking = messages.some((message) => message.kind === "advance" && moves(message, fork));
    if (join?.failure === undefined && join?.done.size !== width) {
      for (const index of all) if (!join?.done.has(index)) yield* lookAt(childBranch(branch, seq, index), forking);
      return;
    }
    const told = messages.some((message) => message.kind === "join" && isAt(message, branch, seq));
    if (told || all.some((index) => ended(join, index) && closes(childBranch(branch, seq, index)))) return;
    yield stuck(branch, fork, `its fork ${join.failure ? "has failed" : "is complete"} and nothing tells it`);
  }

  /** True while a message will do the closing effects of a branch again, the wake-up of its parent with them. */
  function closes(branch: string): boolean {
    const tip = branches.get(branch)?.at(-1);
    return tip !== undefined && isClosing(tip.effect) && messages.some((message) => moves(message, tip));
  }

  function* lookForReport(tip: Entry): Generator<Violation> {
    const { branch, seq } = tip;
    const attempt = at(branch, seq - 1);
    const item = facts.verdicts.get(attempt);
    if (item?.outcome !== undefined) {
      yield stuck(branch, tip, "its verdict was given and nothing tells it");
      return;
    }
    if (
      (item?.due ?? tip.due) !== undefined &&
      !messages.some((message) => message.kind === "due" && isAt(message, branch, seq - 1))
    ) {
      yield stuck(branch, tip, "its attempt has a time-out that nothing will bring about");
    }
    const child = branches.get(branch)?.find((entry) => entry.seq === seq - 1)?.child;
    if (child === undefined) return; // a report from outside
    const started = find(child.flow, child.name);
    if (started === undefined) yield stuck(branch, tip, `its sub-flow ${child.flow}/${child.name} is not there`);
    else if (started.header.status !== "Running" && started.messages.length === 0) {
      yield stuck(branch, tip, `its sub-flow ${child.flow}/${child.name} has ended and nothing tells it`);
    }
  }
}

function ended({ done, failure }: JoinItem, index: number): boolean {
  return failure === undefined ? done.has(index) : failure.index === index;
}

/** The seq that the message is one of (architecture §3, §4); undefined: it is none of a branch. */
function seqOf(message: Message): { readonly branch: string; readonly seq: number } | undefined {
  switch (message.kind) {
    case "advance":
      return message;
    case "join":
      return { branch: message.branch, seq: message.seq + 1 };
    case "wake":
    case "due":
      return { branch: message.branch, seq: message.seq + 2 };
    default:
      return undefined;
  }
}

function isOf(message: Message, branch: string, seq: number): boolean {
  const place = seqOf(message);
  return place?.branch === branch && place.seq === seq;
}

function isAt(
  message: Message & { readonly branch: string; readonly seq: number },
  branch: string,
  seq: number,
): boolean {
  return message.branch === branch && message.seq === seq;
}

/** Between the tip's anchor and the entry after it: the message resumes at the tip or goes on from it. */
function moves(message: Message, tip: Entry): boolean {
  const place = seqOf(message);
  return place?.branch === tip.branch && tip.anchor <= place.seq && place.seq <= tip.seq + 1;
}

/** One that is held back until a later time-out is no help to what is to go on now. */
function isDue({ notBefore }: Message, now: number): boolean {
  return notBefore === undefined || notBefore <= now;
}
