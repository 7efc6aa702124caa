/**
 * A Lambda function inside the emulator that does nothing of its own: it hands its event to the test over HTTP, and the test
 * decides what it answers and when. So a test sees each invocation as a value, and waits for it instead of for a time.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { CreateFunctionCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { zip } from "../../scripts/zip.ts";
import { ACCOUNT } from "./guard.ts";

/** One record of an SQS event, as a handler gets it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly [name: string]: string };
  readonly eventSourceARN: string;
}

export interface DeskCall {
  /** The function's process. */
  readonly pid: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly records: readonly SqsRecord[];
  /** The function returns that. */
  answer(result: unknown): void;
  /** The function throws. */
  fail(): void;
}

export interface Desk {
  readonly functionName: string;
  /** The next invocation by that queue (its ARN) that was not taken yet, now or later. */
  next(queueArn: string): Promise<DeskCall>;
  /** Invocations by that queue that were not taken yet. */
  waiting(queueArn: string): number;
  close(): Promise<void>;
}

/** The function, as it is uploaded. */
const CODE = `
export async function handler(event) {
  const answer = await fetch(process.env.DESK, { method: "POST", body: JSON.stringify({ pid: process.pid, event }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text);
}
`;

/** Serves on loopback and makes the function, with a time-out of `timeoutSeconds`. */
export async function openDesk(lambda: LambdaClient, functionName: string, timeoutSeconds = 60): Promise<Desk> {
  const calls = new Map<string, DeskCall[]>();
  const takers = new Map<string, ((call: DeskCall) => void)[]>();

  const server = createServer(async (request, response) => {
    const { pid, event } = JSON.parse(await textOf(request)) as { pid: number; event: { Records: SqsRecord[] } };
    const call = callOf(pid, event.Records, response);
    const queue = event.Records[0]?.eventSourceARN ?? "";
    const taker = takers.get(queue)?.shift();
    if (taker !== undefined) taker(call);
    else calls.set(queue, [...(calls.get(queue) ?? []), call]);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the desk has no port");

  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: `arn:aws:iam::${ACCOUNT}:role/desk`,
      Code: { ZipFile: zip({ "index.mjs": CODE }) },
      Environment: { Variables: { DESK: `http://127.0.0.1:${address.port}/` } },
      Timeout: timeoutSeconds,
    }),
  );

  return {
    functionName,
    next(queueArn) {
      const call = calls.get(queueArn)?.shift();
      if (call !== undefined) return Promise.resolve(call);
      return new Promise((resolve) => takers.set(queueArn, [...(takers.get(queueArn) ?? []), resolve]));
    },
    waiting: (queueArn) => calls.get(queueArn)?.length ?? 0,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function callOf(pid: number, records: readonly SqsRecord[], response: ServerResponse): DeskCall {
  return {
    pid,
    at: Date.now(),
    records,
    answer: (result) => void response.end(JSON.stringify(result ?? null)),
    fail: () => void response.writeHead(500).end("the test wants it to fail"),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
