/**
 * Sabotages: one thing of the protocol broken on purpose, each of which the crash harness must find. A sabotage that
 * survived would be a hole in the harness. Each names the flows that find it.
 */

import type { Mode } from "./case.ts";

export interface Edit {
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Sabotage {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly flows: readonly string[];
  /** Only in this mode, where it shows in one only. */
  readonly mode?: Mode;
}

function sabotage(name: string, flows: readonly string[], ...edits: readonly Edit[]): Sabotage {
  return { name, flows, edits };
}

function edit(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}

const RECORD = "lib/runtime/record.ts";
const ADVANCE = "lib/runtime/advance.ts";
const CLOSE = "lib/runtime/close.ts";
const REPORT = "lib/runtime/report.ts";
const SUSPEND = "lib/runtime/suspend.ts";
const START = "lib/runtime/start.ts";
const SWEEP = "lib/runtime/sweep.ts";

/** The first six are the protocol's pillars. */
export const SABOTAGES: readonly Sabotage[] = [
  sabotage(
    "append without its condition: the refusal is ignored",
    ["task", "slow-task"],
    edit(RECORD, "if (existing === undefined || isOwn(existing, work.owner)) {", "if (existing !== null) {"),
  ),
  sabotage("lease ignored", ["slow-task"], edit(RECORD, "if (held.until > now) {", "if (held.until > now + 1e12) {")),
  sabotage(
    "dropped whenever there is a successor, whatever its anchor",
    ["chain"],
    edit(
      RECORD,
      "if (tip.anchor > first.seq) return dropped(runtime, work, first);",
      'if (tip.seq > first.seq) return "consume";',
    ),
  ),
  sabotage(
    "verdict read before the submit is recorded",
    ["callback", "callback-early"],
    edit(
      RECORD,
      "const [existing, view] = await Promise.all([",
      'if (transition.effect.kind === "awaitVerdict") Object.assign(transition, { early: await journal.readVerdict({ ...entry, seq: entry.seq - 1 }) });\n  const [existing, view] = await Promise.all([',
    ),
    edit(
      SUSPEND,
      "const item = await runtime.ports.journal.readVerdict(entryKey(address, branch, seq));",
      'const item = "early" in transition ? transition.early : await runtime.ports.journal.readVerdict(entryKey(address, branch, seq));',
    ),
  ),
  sabotage(
    "closing effects held back by header and join",
    ["fork-caught", "sub-sync"],
    edit(
      ADVANCE,
      "if (transition.flush) await flush(",
      'if (view.failed || header.status !== "Running") return "consume";\n  if (transition.flush) await flush(',
    ),
  ),
  sabotage(
    "message consumed before the next one is sent",
    ["task"],
    edit(
      "lib/runtime/worker.ts",
      'if ((await handle(runtime, delivery)) === "consume") await delivery.consume();',
      "await delivery.consume();\n    await handle(runtime, delivery);",
    ),
  ),
  sabotage(
    "append overwrites",
    ["task", "slow-task"],
    edit(
      "lib/memory/journal/entries.ts",
      "else if (existing.seq === entry.seq) return existing;",
      "else if (existing.seq === entry.seq) entries[at] = entry;",
    ),
  ),
  sabotage(
    "takeover goes on although the compare-and-set was refused",
    ["slow-task", "task"],
    edit(
      RECORD,
      "if (!(await journal.replaceLease(tip, held, lease))) {",
      "if (!(await journal.replaceLease(tip, held, lease)) && false) {",
    ),
  ),
  sabotage(
    "lease replaced whatever it is",
    ["slow-task", "task"],
    edit(
      "lib/memory/journal/entries.ts",
      "(held) => sameLease(held, expected),",
      "(held) => held !== expected || sameLease(held, expected),",
    ),
  ),
  sabotage(
    "the message's own event redone instead of the recorded one",
    ["unsure", "wait"],
    edit(
      RECORD,
      "const strand = await replayTo(runtime, first, tip);",
      "const strand = tip.seq === first.seq ? first : await replayTo(runtime, first, tip);",
    ),
  ),
  sabotage(
    "suspended tips not redone",
    ["wait", "parallel-pure"],
    edit(
      RECORD,
      'if (classOf(transition.effect) === "suspended") {',
      'if (classOf(transition.effect) === "suspended") {\n      return "consume";',
    ),
  ),
  {
    ...sabotage(
      "snapshot's own event applied again",
      ["seventy"],
      edit("lib/runtime/strand.ts", "seq = snapshot.seq + 1;", "seq = snapshot.seq;"),
    ),
    mode: "fused",
  },
  sabotage(
    "join counts instead of keeping a set",
    ["parallel", "foreach"],
    edit("lib/memory/journal/joins.ts", "if (join?.done.has(index)) return join;", ""),
    edit(
      "lib/memory/journal/joins.ts",
      "done: new Set(join?.done).add(index)",
      "done: new Set(join?.done).add(join?.done.size ?? 0)",
    ),
  ),
  sabotage(
    "fork ids without the fork's seq",
    ["fork-caught", "parallel-pure"],
    edit(
      "lib/runtime/branch.ts",
      "seq: number, index: number): string {",
      "seq: number, index: number): string {\n  seq = 0;",
    ),
  ),
  sabotage(
    "only a lone failure wakes the parent",
    ["fork-caught"],
    edit(
      CLOSE,
      "return join.failure?.index === index;",
      "return join.failure?.index === index && join.failure.at === at && join.done.size > 0;",
    ),
  ),
  sabotage(
    "header before output",
    ["task", "sub-sync"],
    edit(
      CLOSE,
      "await runtime.ports.journal.putResult(address.ref, address.startId, await runtime.claims.pack(effect.output));",
      'await runtime.ports.journal.endHeader(address.ref, address.startId, { status: "Succeeded", endedAt: at });\n      await runtime.ports.journal.putResult(address.ref, address.startId, await runtime.claims.pack(effect.output));',
    ),
  ),
  sabotage(
    "verdict put before its wake-up is sent",
    ["callback"],
    edit(REPORT, 'await send(runtime, { kind: "wake", ...attempt, event, reportId, at });', ""),
    edit(
      REPORT,
      "return existing === undefined || existing.reportId === reportId;",
      'if (existing === undefined) await send(runtime, { kind: "wake", ...attempt, event, reportId, at });\n  return existing === undefined || existing.reportId === reportId;',
    ),
  ),
  sabotage(
    "wake-up gives no verdict",
    ["callback"],
    edit(
      REPORT,
      "const existing = await journal.putVerdict(attemptKey(message), { outcome: event, reportId, at });",
      "const existing = await journal.readVerdict(attemptKey(message));",
    ),
  ),
  sabotage(
    "timer not armed again after a heartbeat",
    ["heartbeat-lost"],
    edit("lib/runtime/handle.ts", "await holdBack(runtime, message, outcome.due);", ""),
  ),
  sabotage(
    "verdict refused where a heartbeat has made the item",
    ["heartbeat"],
    edit(
      "lib/memory/journal/verdicts.ts",
      "if (item?.outcome !== undefined) return item;\n      if (ifDue",
      "if (item !== undefined) return item;\n      if (ifDue",
    ),
  ),
  sabotage(
    "time-out given although a heartbeat moved it",
    ["heartbeat-lost"],
    edit(
      "lib/memory/journal/verdicts.ts",
      "if (ifDue !== undefined && item?.due !== ifDue.due) return item ?? {};",
      "",
    ),
  ),
  sabotage(
    "own outcome reported instead of the header's",
    ["sub-sync"],
    edit(
      CLOSE,
      "if (header?.startId === startId) await reportEnd(runtime, header);",
      "if (header?.startId === startId) await reportEnd(runtime, { ...header, ...end });",
    ),
  ),
  sabotage(
    "header before the start message",
    ["task"],
    edit(
      START,
      "await Promise.all([sendStart(runtime, header, request.input), putInput(runtime, header, request.input)]);",
      "await putInput(runtime, header, request.input);",
    ),
    edit(
      START,
      "return (await runtime.ports.journal.putHeader(header)) ?? header;",
      "const refused = await runtime.ports.journal.putHeader(header);\n  if (refused === undefined) await sendStart(runtime, header, request.input);\n  return refused ?? header;",
    ),
  ),
  sabotage(
    "the loser of a start race goes on",
    ["pass", "task"],
    edit(
      ADVANCE,
      'if (header === undefined || header.startId !== address.startId) return "consume";',
      'if (header === undefined) return "consume";',
    ),
  ),
  sabotage(
    "a redone timer counts from now",
    ["wait"],
    edit(
      SUSPEND,
      "await setTimer(runtime, hold, effect.due);",
      "await setTimer(runtime, hold, effect.due - hold.transition.state.time + runtime.ports.clock.now());",
    ),
  ),
  sabotage(
    "refusal of a lease's extension ignored",
    ["slow-task"],
    edit(
      "lib/runtime/holding.ts",
      "held = (await journal.replaceLease(key, held, next)) ? next : undefined;",
      "await journal.replaceLease(key, held, next);\n        held = next;",
    ),
  ),
  sabotage(
    "call made however little is left of the lease",
    ["task", "chain"],
    edit(
      "lib/runtime/holding.ts",
      "held !== undefined && held.until - clock.now() >= settings.leaseMarginMs;",
      "true;",
    ),
  ),
  sabotage(
    "lost task run again",
    ["lost"],
    edit(
      "lib/runtime/call.ts",
      'if (again && effect.onLost === "fail") {',
      'if (again && effect.onLost === "never") {',
    ),
  ),
  sabotage(
    "outward effects in spite of a terminal header",
    ["chain"],
    edit(ADVANCE, 'if (view.failed || header.status !== "Running") return "consume";', ""),
  ),
  sabotage(
    "no message before a stop",
    ["sub-waits"],
    edit(
      "lib/runtime/stop.ts",
      'await send(runtime, { kind: "ended", ref, startId, flow, revision, keyId, end });',
      "",
    ),
  ),
  sabotage(
    "child does not ask whether its parent lives",
    ["sub-waits"],
    edit("lib/runtime/deadline.ts", "if (!(await isOrphan(runtime, header))) return false;", "return false;"),
  ),
  sabotage(
    "children of dead branches run on",
    ["sub-in-dead-branch"],
    edit(ADVANCE, 'if (strand.event.kind === "branchFailed")', 'if (strand.event.kind === "never")'),
  ),
  sabotage(
    "sweeper blind for verdicts",
    ["callback"],
    edit(SWEEP, "if (item?.outcome !== undefined) {", "if (item === null) {"),
  ),
  sabotage(
    "sweeper blind for joins",
    ["parallel"],
    edit(SWEEP, 'return join.failure ? "join failed" : "join complete";', "return undefined;"),
    edit(SWEEP, 'await send(runtime, { kind: "join", ...address, branch: entry.branch, seq: entry.seq });', ""),
  ),
  sabotage(
    "sweeper blind for leases",
    ["chain"],
    edit(
      SWEEP,
      "if (entry.lease === undefined || entry.lease.until >= before) return undefined;",
      "if (entry.lease !== null) return undefined;",
    ),
  ),
  sabotage(
    "swept join without its outputs",
    ["parallel"],
    edit(
      "lib/runtime/handle.ts",
      "await loadEvent(runtime, message.event, message),",
      "await runtime.claims.unpack<Event>(message.event),",
    ),
  ),
  sabotage(
    "throttled call tried again after the lease was lost",
    ["throttled"],
    edit("lib/runtime/call.ts", "if (!isHeld()) return undefined;", ""),
  ),
];

/** How many of them are the pillars. */
export const PILLARS = 6;
