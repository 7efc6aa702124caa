/**
 * Sabotages: one thing broken on purpose, in the runtime, the core or an adapter, each of which the simulation must find among
 * its first plans. Those that the crash harness has too are taken from there.
 */
import { type Edit, SABOTAGES as OF_CRASH } from "../crash/sabotages.ts";

export interface Sabotage {
  readonly name: string;
  readonly edits: readonly Edit[];
}

function sabotage(name: string, ...edits: readonly Edit[]): Sabotage {
  return { name, edits };
}

function edit(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}

const E = "lib/engine/";
const R = "lib/runtime/";
const M = "lib/memory/";
const J = "lib/memory/journal/";

/** Those of the crash harness that are tried here as well, by name. */
const SHARED: readonly string[] = [
  "append without its condition: the refusal is ignored",
  "lease ignored",
  "takeover goes on although the compare-and-set was refused",
  "the message's own event redone instead of the recorded one",
  "verdict put before its wake-up is sent",
  "timer not armed again after a heartbeat",
  "join counts instead of keeping a set",
  "fork ids without the fork's seq",
  "closing effects held back by header and join",
  "message consumed before the next one is sent",
  "dropped whenever there is a successor, whatever its anchor",
  "append overwrites",
  "lease replaced whatever it is",
  "suspended tips not redone",
  "header before output",
  "time-out given although a heartbeat moved it",
  "header before the start message",
  "the loser of a start race goes on",
  "refusal of a lease's extension ignored",
  "no message before a stop",
  "sweeper blind for joins",
];

function shared(name: string): Sabotage {
  const found = OF_CRASH.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the crash harness has no sabotage "${name}"`);
  return found;
}

export const SABOTAGES: readonly Sabotage[] = [
  ...SHARED.map(shared),
  sabotage(
    "sweeper skips waiting branches",
    edit(
      `${R}tips.ts`,
      "if (join?.failure === undefined) yield* branchTips(runtime, address, entry, width, join);",
      "",
    ),
  ),
  sabotage(
    "SDK retry on invoke",
    edit(
      "lib/sim/faults.ts",
      "journal|queue|delivery|timers|blobs",
      "journal|queue|delivery|timers|blobs|functions|destinations",
    ),
  ),
  sabotage(
    "verdict given twice",
    edit(`${J}verdicts.ts`, "if (item?.outcome !== undefined) return item;\n      if (ifDue", "if (ifDue"),
  ),
  sabotage("header overwritten", edit(`${J}executions.ts`, "if (existing !== undefined) return existing.value;", "")),
  sabotage(
    "ended header ended again",
    edit(
      `${J}executions.ts`,
      'if (cell.value.startId === startId && cell.value.status === "Running") {',
      "if (cell.value.startId === startId) {",
    ),
  ),
  sabotage(
    "running executions left out of their list",
    edit(
      `${J}executions.ts`,
      'running.prune((header) => header.status === "Running");',
      'running.prune((header) => header.status !== "Running");',
    ),
  ),
  sabotage(
    "message gone when received",
    edit(`${M}queue.ts`, "message.receipt = id;\n    hide(message, visibilitySeconds);", "message.receipt = id;"),
  ),
  sabotage(
    "blob put not awaited",
    edit(`${R}claim-check.ts`, "await blobs.put(hash, text);", "void blobs.put(hash, text).catch(() => {});"),
  ),
  sabotage(
    "blob named by its beginning",
    edit(`${R}claim-check.ts`, "const hash = keys.hash(text);", "const hash = keys.hash(text.slice(0, 1000));"),
  ),
  sabotage("one retry too many", edit(`${E}retry.ts`, "before >= policy.maxAttempts", "before > policy.maxAttempts")),
  sabotage("retry delay off by one", edit(`${E}retry.ts`, "multiplier ** before,", "multiplier ** (before + 1),")),
  sabotage(
    "lanes as stretches",
    edit(
      `${E}steps/fork.ts`,
      "outputs[item % width]?.locals[Math.floor(item / width)]",
      "outputs.flatMap((output) => output?.locals ?? [])[item]",
    ),
  ),
  sabotage(
    "catch takes the first policy",
    edit(`${E}raise.ts`, "step.catch.find((each) => matches(each, step, failure.error))", "step.catch[0]"),
  ),
  sabotage(
    "choice's goto dropped",
    edit(`${E}steps/choice.ts`, "finish(run, choice, { input, local, goto })", "finish(run, choice, { input, local })"),
  ),
  sabotage("flushed chunk overwritten", edit(`${E}close.ts`, "chunks: lane.chunks + 1 }", "chunks: lane.chunks }")),
  sabotage(
    "time-out counted from the answer",
    edit(
      `${E}steps/task-outcome.ts`,
      "due: startedAt + timeoutSeconds * 1000",
      "due: run.time + timeoutSeconds * 1000",
    ),
  ),
  sabotage("execution's time-out not armed", edit(`${R}advance.ts`, "await deadline(runtime, strand, header);", "")),
  sabotage(
    "start not swept",
    edit(`${R}sweep.ts`, "await sendStart(runtime, header, await runtime.claims.unpack<JsonObject>(input));", ""),
  ),
  sabotage(
    "timer not swept",
    edit(`${R}sweep.ts`, 'await handOnNext(runtime, address, entry, { kind: "elapsed", at: entry.due });', ""),
  ),
  sabotage(
    "dead letter not sent",
    edit(`${R}dead-letters.ts`, "await queue.send(encode(next), {", "void queue.send; Object.freeze({"),
    edit(`${R}dead-letters.ts`, "MAX_DELAY_SECONDS),\n  });", "MAX_DELAY_SECONDS),\n  });"),
  ),
  sabotage("children not stopped", edit(`${R}stop.ts`, "await stopChildren(runtime, addressOf(message));", "")),
  sabotage("lost stop said to be ours", edit(`${R}stop.ts`, "if (!ours) throw completed;", "")),
  sabotage(
    "time-out after the report goes on",
    edit(`${R}report.ts`, "if (existing === undefined) return { outcome, at: now };", "return { outcome, at: now };"),
    edit(`${R}report.ts`, "if (given) return item?.reportId === message.reportId ? given : undefined;", ""),
  ),
  sabotage(
    "heartbeat ignored",
    edit(
      `${R}report.ts`,
      "const item = await journal.moveDue(attemptKey(attempt), due);",
      "const item = await journal.readVerdict(attemptKey(attempt));",
    ),
  ),
  sabotage(
    "verdict's own id ignored",
    edit(`${R}report.ts`, "existing === undefined || existing.reportId === reportId;", "existing === undefined;"),
  ),
  sabotage(
    "adopted header without its input",
    edit(
      `${R}start.ts`,
      'if (strand.event.kind === "started") await putInput(runtime, message.header, strand.event.input);',
      "",
    ),
  ),
  sabotage(
    "join before its output",
    edit(
      `${R}close.ts`,
      "await journal.putOutput(fork, { index, chunk, locals, last: { at, events } });\n  const join = await journal.addDone(fork, index);",
      "const join = await journal.addDone(fork, index);\n  await journal.putOutput(fork, { index, chunk, locals, last: { at, events } });",
    ),
  ),
  sabotage(
    "history past the end",
    edit(`${R}history.ts`, "if (time > cut || ended) continue;", "if (ended) continue;"),
  ),
  sabotage(
    "lease not extended",
    edit(
      `${R}holding.ts`,
      "await clock.sleep(settings.extendEveryMs, done.signal);",
      "await clock.sleep(settings.extendEveryMs * 100, done.signal);",
    ),
  ),
  sabotage(
    "early timers act",
    edit(`${R}handle.ts`, "message.notBefore > now + EARLY_MS", "message.notBefore > now + EARLY_MS + 300_000"),
  ),
  sabotage(
    "a history's next page is kept under the number of the last",
    edit("lib/api/history-pages.ts", "{next}`, reading)", "{from}`, reading)"),
  ),
  sabotage(
    "a page of a history begins after its first event",
    edit("lib/api/history-pages.ts", "reading.next.EventId < from)", "reading.next.EventId <= from)"),
  ),
];
