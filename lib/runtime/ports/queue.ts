/** The queue port: at-least-once, unordered, with delays up to 900 s (architecture §3). */

/** Longest delay that `send` takes, seconds (SQS's own limit). Later messages go through the timers port. */
export const MAX_DELAY_SECONDS = 900;

export interface SendOptions {
  /** 0 to 900. */
  readonly delaySeconds?: number;
  /** Send to the queue whose messages are handled alone: those that killed a handler before. */
  readonly alone?: boolean;
}

export interface Queue {
  send(body: string, options?: SendOptions): Promise<void>;
  /**
   * Up to `max` messages; waits until there is at least one, `signal` aborts (then none). A received message is
   * invisible for the queue's visibility time and comes back unless it is consumed. For adapters whose messages are
   * pushed (Lambda) there is no `receive`.
   */
  receive?(max: number, signal: AbortSignal): Promise<readonly Delivery[]>;
}

/** One delivery of a message; a redelivery is another. */
export interface Delivery {
  /** Unique for each delivery: the owner id of what it writes. */
  readonly id: string;
  readonly body: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  /** Hides the message for that many seconds from now. */
  extend(seconds: number): Promise<void>;
  /** Deletes the message. */
  consume(): Promise<void>;
  /** Gives the message back, visible after that many seconds. */
  release(delaySeconds: number): Promise<void>;
}
