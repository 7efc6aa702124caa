/**
 * Lambda's HTTP interface on loopback, for what the emulator does not answer as AWS does: errors, throttling, limits,
 * destinations. Answers are scripted, or come from functions of this process, in the shapes that AWS documents.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface LambdaRequest {
  readonly name: string;
  readonly qualifier?: string;
  readonly type: "RequestResponse" | "Event";
  /** The JSON of the client context; undefined: none. */
  readonly clientContext?: string;
  readonly payload: string;
}

export interface LambdaAnswer {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** Close the connection instead. */
  readonly drop?: boolean;
}

export interface LambdaServer {
  readonly endpoint: string;
  /** What came so far. */
  readonly requests: readonly LambdaRequest[];
  close(): Promise<void>;
}

export interface LambdaServerOptions {
  readonly invoke: (request: LambdaRequest, requestId: string) => LambdaAnswer | Promise<LambdaAnswer>;
  /** Version by `function:alias`. */
  readonly aliases?: { readonly [alias: string]: string };
}

/** An error as Lambda's service answers it. */
export function refusal(status: number, code: string, fields: object = {}): LambdaAnswer {
  return {
    status,
    headers: { "x-amzn-errortype": code },
    body: JSON.stringify({ Type: status < 500 ? "User" : "Server", message: `${code} was what it was.`, ...fields }),
  };
}

/** The answer to a call whose function failed. */
export function functionError(body: unknown, kind = "Unhandled"): LambdaAnswer {
  return { headers: { "x-amz-function-error": kind }, body: typeof body === "string" ? body : JSON.stringify(body) };
}

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations(?:\?Qualifier=(.+))?$/;
const ALIAS = /^\/2015-03-31\/functions\/([^/]+)\/aliases\/([^/]+)$/;

export async function lambdaServer({ invoke, aliases = {} }: LambdaServerOptions): Promise<LambdaServer> {
  const requests: LambdaRequest[] = [];
  const server = createServer(async (request, response) => {
    const payload = await textOf(request);
    const requestId = randomUUID();
    const alias = ALIAS.exec(request.url ?? "");
    if (alias !== null) {
      const version = aliases[`${decodeURIComponent(alias[1] ?? "")}:${decodeURIComponent(alias[2] ?? "")}`];
      const found = { body: JSON.stringify({ Name: alias[2], FunctionVersion: version }) };
      return reply(response, requestId, version === undefined ? refusal(404, "ResourceNotFoundException") : found);
    }
    const call = INVOKE.exec(request.url ?? "");
    if (call === null) return reply(response, requestId, refusal(404, "UnknownOperationException"));
    const context = request.headers["x-amz-client-context"];
    const read: LambdaRequest = {
      name: decodeURIComponent(call[1] ?? ""),
      ...(call[2] === undefined ? {} : { qualifier: decodeURIComponent(call[2]) }),
      type: request.headers["x-amz-invocation-type"] === "Event" ? "Event" : "RequestResponse",
      ...(typeof context === "string" ? { clientContext: Buffer.from(context, "base64").toString() } : {}),
      payload,
    };
    requests.push(read);
    reply(response, requestId, await invoke(read, requestId));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function reply(response: ServerResponse, requestId: string, answer: LambdaAnswer): void {
  const { status = 200, headers = {}, body = "", drop = false } = answer;
  if (drop) return void response.destroy();
  response
    .writeHead(status, { "x-amzn-requestid": requestId, "content-type": "application/json", ...headers })
    .end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
