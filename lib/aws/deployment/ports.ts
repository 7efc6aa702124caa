/** A deployment's runtime: the ports over AWS's services, out of what the environment says. Made once for each process, so that its connections and caches last. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { randomIds } from "../../memory/ids.ts";
import { systemKeys } from "../../memory/keys.ts";
import { systemClock } from "../../memory/system-clock.ts";
import { createRuntime, type Runtime, type Settings } from "../../runtime/index.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import { type SqsSettling, sqsSettling } from "../delivery.ts";
import { calling } from "../errors.ts";
import { LAMBDA_CLIENT_SETTINGS, lambdaFunctions } from "../functions.ts";
import { dynamoJournal } from "../journal.ts";
import { sqsQueue } from "../queue.ts";
import { blobSubmissions, type Submissions } from "../submissions.ts";
import { readEnvironment } from "./environment.ts";
import { blobsOnDemand, type Clients, rarePorts } from "./rare-ports.ts";

export interface Deployment {
  readonly runtime: Runtime;
  readonly submissions: Submissions;
  /** Records in hand; batches of sends wait a little for that many. */
  readonly inHand: Set<object>;
  /** How the records of a queue are settled, by the queue's name: the transitions queue's, or that of messages handled alone. */
  settling(queueName: string): SqsSettling;
  /** Has this function invoked once more, after this invocation or beside it. */
  invokeAgain(event: object): Promise<void>;
}

/** What a deployment in a test or a measurement has other than one in Lambda. */
export interface DeploymentOptions {
  readonly settings?: Partial<Settings>;
  readonly clients?: Clients;
  readonly clock?: Clock;
  /** How long a message waits for those of the other records in hand, ms. */
  readonly lingerMs?: number;
}

/** As they are in Lambda: endpoint, region and credentials by the SDK's own rules. */
const OWN_RULES: Clients = { settings: () => ({}), made: () => {} };

/** About a call of a service. */
const LINGER_MS = 20;

/** Throws StepwellError `InvalidEnvironment`. */
export function openDeployment(environment: NodeJS.ProcessEnv, options: DeploymentOptions = {}): Deployment {
  const { clients = OWN_RULES, clock = systemClock(), lingerMs = LINGER_MS } = options;
  const settings = readEnvironment(environment);
  const { table, transitionsUrl, aloneUrl, keys, functionNames, visibilitySeconds } = settings;
  const dynamo = new DynamoDBClient(clients.settings("DynamoDB"));
  const sqs = new SQSClient(clients.settings("SQS"));
  const lambda = new LambdaClient({ ...LAMBDA_CLIENT_SETTINGS, ...clients.settings("Lambda") });
  for (const client of [dynamo, sqs, lambda]) clients.made(client);
  const inHand = new Set<object>();
  const blobs = blobsOnDemand(settings, clients);
  const submissions = blobSubmissions(blobs);
  const linger = { ms: lingerMs, company: () => inHand.size };
  const queue = sqsQueue({ client: sqs, transitionsUrl, aloneUrl, blobs, linger });
  const settlings = new Map(
    [transitionsUrl, aloneUrl].map((queueUrl) => [
      lastOf(queueUrl, "/"),
      sqsSettling({ client: sqs, queueUrl, blobs }),
    ]),
  );
  const runtime = createRuntime(
    {
      journal: dynamoJournal({ client: dynamo, table, clock }),
      queue,
      functions: lambdaFunctions({ client: lambda, names: functionNames, submissions }),
      ...rarePorts({ settings, clients, sqs, queue, blobs, clock }),
      blobs,
      clock,
      ids: randomIds(),
      keys: systemKeys(...keys),
    },
    {
      log: (line) => console.log(line),
      ...(visibilitySeconds !== undefined && leasesOf(visibilitySeconds)),
      ...options.settings,
    },
  );
  return {
    runtime,
    submissions,
    inHand,
    settling(queueName) {
      const settling = settlings.get(queueName);
      if (settling === undefined)
        throw new Error(`"${queueName}" is no queue of this deployment: is it an event source by mistake?`);
      return settling;
    },
    async invokeAgain(event) {
      const command = new InvokeCommand({
        FunctionName: environment.AWS_LAMBDA_FUNCTION_NAME,
        InvocationType: "Event",
        Payload: Buffer.from(JSON.stringify(event)),
      });
      await calling("Lambda Invoke", () => lambda.send(command));
    },
  };
}

/** A lease ends a little before its message's visibility, and is extended when half of it is over. */
export function leasesOf(visibilitySeconds: number) {
  const ms = visibilitySeconds * 1_000;
  return {
    visibilitySeconds,
    leaseMs: (ms * 11) / 12,
    leaseMarginMs: ms / 12,
    extendEveryMs: ms / 2,
  } satisfies Partial<Settings>;
}

/** The name at the end of a queue's URL or ARN. */
export function lastOf(text: string, separator: "/" | ":"): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
