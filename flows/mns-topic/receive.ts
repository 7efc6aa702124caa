/** What both receivers of the topic, the program and the Lambda function, do with a push. */
import type { Notification, ReadMessage, SubscriptionConfirmation } from "./sns-message.ts";

export interface Report {
  readonly taskToken: string;
  readonly output: { readonly status: string };
}

export interface Receiver {
  readonly read: ReadMessage;
  confirm(subscription: SubscriptionConfirmation): Promise<unknown>;
  report(report: Report): Promise<"reported" | "already">;
}

/** Reads a notification, whose message is JSON text, and answers its task. */
export function answer({ Message }: Pick<Notification, "Message">): Report {
  const message: { readonly messageBody: unknown; readonly taskToken: string } = JSON.parse(Message);
  console.log(`Task token: ${message.taskToken}\nOriginal message body: ${JSON.stringify(message.messageBody)}`);
  return { taskToken: message.taskToken, output: { status: "success" } };
}

/** Does what a push (its HTTP body) asks for. Rejects when it is not SNS's or cannot be done: SNS pushes it again. */
export async function receive(body: string, { read, confirm, report }: Receiver): Promise<void> {
  const message = await read(body);
  switch (message.Type) {
    case "SubscriptionConfirmation":
      await confirm(message);
      console.log(`Confirmed the subscription to ${message.TopicArn}`);
      return;
    case "UnsubscribeConfirmation":
      // Its token would undo it.
      console.log(`No longer subscribed to ${message.TopicArn}`);
      return;
    case "Notification": {
      const how = await report(answer(message));
      console.log(how === "reported" ? "Report task succeeded finished" : "Task already completed");
    }
  }
}
