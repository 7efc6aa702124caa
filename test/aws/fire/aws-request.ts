/** A request that an SDK client (or a client of the function URL) sent, and what its service answered: as the fault proxy sees them. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

export type Service = "dynamodb" | "sqs" | "lambda" | "scheduler" | "s3" | "sns" | "url";

export interface AwsRequest {
  readonly service: Service;
  /** As the SDK's command is named where the protocol says so ("PutItem", "SendMessageBatch", "Invoke"), else the method. */
  readonly action: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** When it arrived, ms. */
  readonly at: number;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Reads a request to its end. */
export async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const at = Date.now();
  const { method = "GET", url: path = "/", headers } = incoming;
  const body = await bytesOf(incoming);
  const service = serviceOf(path, headers);
  return { service, action: actionOf(service, method, path, headers), method, path, headers, body, at };
}

/** All that comes of a message. */
export async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The emulator's path of function URLs; all else is signed for its service (Signature Version 4: the credential's scope). */
function serviceOf(path: string, { authorization = "" }: IncomingHttpHeaders): Service {
  if (path.startsWith("/_aws/lambda-url/")) return "url";
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(authorization);
  if (scope?.[1] === undefined) throw new Error(`a request for ${path} is signed for no service`);
  return scope[1] as Service;
}

function actionOf(service: Service, method: string, path: string, headers: IncomingHttpHeaders): string {
  // The JSON protocols name it: DynamoDB_20120810.PutItem, AmazonSQS.SendMessageBatch.
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.slice(target.lastIndexOf(".") + 1);
  return service === "lambda" && /\/invocations($|\?)/.test(path) ? "Invoke" : method;
}
