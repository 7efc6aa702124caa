/** A client of the emulator's SQS whose requests are told of: each that the code under test makes, not its repetitions. */
import { SQSClient } from "@aws-sdk/client-sqs";
import { guarded, loopbackSettings } from "./guard.ts";

/** `onRequest` gets the request and how many entries its batch has, as "SendMessageBatch 10", and the entries. */
export function countedSqs(
  endpoint: string,
  onRequest: (request: string, entries: readonly object[]) => void,
): SQSClient {
  const client = guarded(new SQSClient(loopbackSettings(endpoint)));
  client.middlewareStack.add(
    (next, context) => (args) => {
      const { Entries } = args.input as { Entries?: readonly object[] };
      onRequest(`${context.commandName?.replace("Command", "")} ${Entries?.length ?? ""}`.trim(), Entries ?? []);
      return next(args);
    },
    { step: "initialize" },
  );
  return client;
}
