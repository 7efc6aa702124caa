/** Messages that were received for somebody who has gone. */
import type { Answer } from "./actions.ts";
import type { Commits } from "./commits.ts";
import type { SqsStore } from "./fauxqs.ts";

/** Makes the messages of an answer to ReceiveMessage visible again, at once: a receiver that was killed while it waited must not take one with it. */
export function giveBackTo(sqs: SqsStore, commits: Commits): (request: object, answer: Answer) => void {
  return (request, answer) => {
    const { QueueUrl = "" } = request as { readonly QueueUrl?: string };
    const { Messages = [] } = JSON.parse(answer.body) as {
      readonly Messages?: readonly { readonly ReceiptHandle: string }[];
    };
    commits.begin();
    for (const { ReceiptHandle } of Messages) sqs.getQueue(QueueUrl)?.changeVisibility(ReceiptHandle, 0);
  };
}
