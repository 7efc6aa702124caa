/** The receiver of the topic's messages: what it makes of the request that a message arrives in. */

export interface Report {
  readonly taskToken: string;
  readonly output: { readonly status: string };
}

/** Reads a pushed notification (its HTTP body, JSON text with the message as text under `Message`) and answers its task. */
export function answer(requestBody: string): Report {
  const notification: { readonly Message: string } = JSON.parse(requestBody);
  const message: { readonly messageBody: unknown; readonly taskToken: string } = JSON.parse(notification.Message);
  console.log(`Task token: ${message.taskToken}\nOriginal message body: ${JSON.stringify(message.messageBody)}`);
  return { taskToken: message.taskToken, output: { status: "success" } };
}
