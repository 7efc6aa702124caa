/** The destinations port: topics and queues that tasks send to (fdl.md §3.1.5). */
import type { Call } from "../../engine/effect.ts";
import type { AttemptContext, CallResult } from "./functions.ts";

export interface Destinations {
  /** `output` of a success: `{MessageId, MessageBodyMD5, RequestId}`. Errors are `MNS.{code}`; past the service's size limit `FnF.DataLimitExceeded`. */
  send(call: Extract<Call, { kind: "queue" | "topic" }>, context: AttemptContext): Promise<CallResult>;
}
