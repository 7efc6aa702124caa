/** The timers port: a message put on the queue at a time further away than a queue can delay (architecture §4). */
export interface Timers {
  /** Sends `body` to the queue at `due` (ms). The same name again is the same timer: success, nothing changes. A due time in the past fires at once. */
  schedule(name: string, due: number, body: string): Promise<void>;
}
