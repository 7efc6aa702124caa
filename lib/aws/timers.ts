/**
 * The timers port on EventBridge Scheduler: a schedule that sends once to the transitions queue and is deleted when it has.
 * Its times are whole seconds, and it may be up to a minute late: the runtime sets its timers early enough, and the queue's
 * delay does the rest (architecture §4).
 */
import { createHash } from "node:crypto";
import { CreateScheduleCommand, type SchedulerClient } from "@aws-sdk/client-scheduler";
import type { Blobs } from "../runtime/ports/blobs.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { Queue } from "../runtime/ports/queue.ts";
import type { Timers } from "../runtime/ports/timers.ts";
import { AwsError, calling } from "./errors.ts";
import { toWire } from "./wire-body.ts";

export interface SchedulerTimersOptions {
  readonly client: SchedulerClient;
  /** The schedule group that all timers are in; it exists. */
  readonly group: string;
  /** The transitions queue. */
  readonly targetArn: string;
  /** The role by which Scheduler sends to it. */
  readonly roleArn: string;
  /** The same queue, for what is due already. */
  readonly queue: Queue;
  readonly clock: Pick<Clock, "now">;
  /** Where bodies go that are too long for a schedule; absent: they are refused. */
  readonly blobs?: Blobs;
}

/** AWS documents no limit for a target's input. Far below those of its neighbours (256 KB), and above nearly all messages. */
const MAX_INPUT_BYTES = 64 * 1024;

/** What a schedule's name may be. */
const NAME = /^[\w.-]{1,64}$/;

/** A time this little ahead may be past when Scheduler reads it, ms. */
const SOON_MS = 60_000;

export function schedulerTimers(options: SchedulerTimersOptions): Timers {
  const { client, group, targetArn, roleArn, queue, clock, blobs } = options;

  async function create(name: string, due: number, body: string): Promise<void> {
    const wire = await toWire(body, { maxBytes: MAX_INPUT_BYTES, service: "a timer", blobs });
    const command = new CreateScheduleCommand({
      Name: NAME.test(name) ? name : createHash("sha256").update(name).digest("hex"),
      GroupName: group,
      ScheduleExpression: `at(${second(due)})`,
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: { Arn: targetArn, RoleArn: roleArn, Input: wire },
    });
    await calling("Scheduler CreateSchedule", () => client.send(command));
  }

  return {
    async schedule(name, due, body) {
      if (due <= clock.now()) return queue.send(body);
      try {
        await create(name, due, body);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        // The same timer, set before: by somebody else, or by an attempt of ours whose answer was lost.
        if (error.code === "ConflictException") return;
        const ahead = due - clock.now();
        if (error.code !== "ValidationException" || ahead > SOON_MS) throw error;
        await queue.send(body, { delaySeconds: Math.max(ahead, 0) / 1000 });
      }
    },
  };
}

/** `yyyy-mm-ddThh:mm:ss`, the first whole second that is not before `ms`. */
function second(ms: number): string {
  return new Date(Math.ceil(ms / 1000) * 1000).toISOString().slice(0, -5);
}
