/** The worker behind the queue: what it makes of a message. It runs anywhere that can reach the queue. */

export interface Report {
  readonly taskToken: string;
  readonly output: { readonly key: string };
}

/** Does the task that a message (its body, JSON text) asks for. */
export function work(messageBody: string): Report {
  const message: { readonly task_token: string } = JSON.parse(messageBody);
  return { taskToken: message.task_token, output: { key: "value" } };
}
