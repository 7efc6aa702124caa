/** A booking service in one function: it carries out any operation, and fails when its input says so. */
import { randomUUID } from "node:crypto";

interface Request {
  readonly operation?: string;
  /** Under the operation's own name: how it shall end. `false` and `"fail"` make it fail. */
  readonly [name: string]: unknown;
}

export default {
  "fnf-demo/Operation": (event: Request) => {
    const id = randomUUID();
    const { operation = "operation" } = event;
    const result = event[operation];
    if (result === false || result === "fail") {
      console.log(`${operation} failed`);
      // A crash, not an exception: the flow sees it as FC.Unknown.
      process.exit();
    }
    console.log(`${operation} succeeded, id ${id}`);
    return JSON.stringify({ [operation]: "success", [`${operation}_txnID`]: id });
  },
};
