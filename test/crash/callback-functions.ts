/** Task functions that report their outcome by token: later, too early, twice, never, after they failed, with heartbeats. */
import { type JsonObject, own } from "../../lib/fdl/json.ts";
import type { AttemptContext } from "../../lib/runtime/ports/functions.ts";
import type { Scripts, World } from "../../lib/sim/world.ts";
import { TaskError } from "./task-error.ts";

const ANSWER = { kind: "succeeded", output: { answer: 42 } } as const;
const OTHER = { kind: "succeeded", output: { answer: 43 } } as const;

const SOON_MS = 20_000;
const BEAT_MS = 200_000;
/** After any time-out. */
const LATE_MS = 4_000_000;

export function callbackFunctions({ clock, callers, busy }: World): Scripts {
  /** Goes on after the function has returned. */
  function afterwards(work: () => Promise<unknown>): void {
    void busy(work());
  }

  return {
    later(event: JsonObject) {
      afterwards(async () => {
        await clock.sleep(SOON_MS);
        await callers.report(tokenOf(event), ANSWER);
      });
      return { dispatched: true };
    },
    /** While it still runs. */
    async early(event: JsonObject) {
      await callers.report(tokenOf(event), ANSWER);
      await clock.sleep(1_000);
      return { ignored: true };
    },
    twice(event: JsonObject) {
      afterwards(async () => {
        await clock.sleep(SOON_MS);
        await callers.report(tokenOf(event), ANSWER);
        await clock.sleep(10);
        await callers.report(tokenOf(event), OTHER);
      });
      return {};
    },
    refuses(event: JsonObject, { retryCount }: AttemptContext) {
      afterwards(async () => {
        await clock.sleep(SOON_MS);
        await callers.report(
          tokenOf(event),
          retryCount === 0 ? { kind: "failed", error: "Refused", cause: "not today" } : ANSWER,
        );
      });
      return {};
    },
    /** The first attempt reports and then fails: its report is void. */
    async crossed(event: JsonObject, { retryCount }: AttemptContext) {
      await callers.report(tokenOf(event), retryCount === 0 ? OTHER : ANSWER);
      await clock.sleep(100);
      if (retryCount === 0) throw new TaskError("Crossed", "reported, then failed");
      return {};
    },
    /** The first attempt reports when it has long been given up; the second is as it should be. */
    lateOnce(event: JsonObject, { retryCount }: AttemptContext) {
      afterwards(async () => {
        await clock.sleep(retryCount === 0 ? LATE_MS : SOON_MS);
        await callers.report(tokenOf(event), retryCount === 0 ? OTHER : ANSWER);
      });
      return {};
    },
    silent: () => ({}),
    beats(event: JsonObject) {
      afterwards(async () => {
        for (let beat = 0; beat < 4; beat++) {
          await clock.sleep(BEAT_MS);
          await callers.heartbeat(tokenOf(event));
        }
        await callers.report(tokenOf(event), ANSWER);
      });
      return {};
    },
    beatsThenDies(event: JsonObject) {
      afterwards(async () => {
        for (let beat = 0; beat < 3; beat++) {
          await clock.sleep(BEAT_MS);
          await callers.heartbeat(tokenOf(event));
        }
      });
      return {};
    },
  };
}

function tokenOf(event: JsonObject): string {
  const token = own(event, "token");
  if (typeof token !== "string") throw new TaskError("NoToken", "the event has no token");
  return token;
}
