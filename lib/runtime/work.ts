/** One delivered message in the hands of a worker. */
import type { Message } from "./message.ts";
import type { Delivery } from "./ports/queue.ts";

export interface Work {
  readonly message: Message;
  /** Id of the delivery: the owner of the leases that it takes. */
  readonly owner: string;
  /** When the worker took it, ms. */
  readonly since: number;
  readonly extend: Delivery["extend"];
}

/**
 * What becomes of the message: `consume` deletes it; `leave` returns it as failed, to come back when its visibility ends
 * (its worker lost the lease: another one owns the work now).
 */
export type Disposition = "consume" | "leave";
