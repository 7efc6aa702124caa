/** What the functions of a deployment are told of their own invocation. */

import type { SqsRecord } from "../delivery.ts";

/** Of Lambda's context object, what is needed here. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** An SQS event, as Lambda hands it to a function; all records are of one queue. */
export interface SqsEvent {
  readonly Records: readonly QueueRecord[];
}

export interface QueueRecord extends SqsRecord {
  readonly eventSourceARN: string;
}

/** The answer of a partial batch (`ReportBatchItemFailures`): these records come back, the others are deleted. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export function failing(records: readonly QueueRecord[]): BatchAnswer {
  return { batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
