/** The HTTP endpoint that SDKs speak to: SQS by AWS's JSON protocol, SNS by its query protocol, and what pushed messages link to. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { StepwellError } from "../../fdl/errors.ts";
import type { Actions, Answer } from "./actions.ts";
import type { Signer } from "./signing.ts";
import { snsError } from "./sns-error.ts";
import type { Topics } from "./topics.ts";

export interface FrontOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly actions: Actions;
  readonly topics: Topics;
  readonly signer: () => Promise<Signer>;
  /** Puts back messages that were received for somebody who has gone. */
  readonly giveBack: (receive: object, answer: Answer) => void;
  /** What went wrong in here. */
  readonly failed: (error: unknown) => void;
}

export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

/** Ten messages of a megabyte, each character of them escaped, would be more; nobody sends that. Bytes. */
const LONGEST_BODY = 16 * 1024 * 1024;

/** At its end the server gives running answers that long, ms. */
const CLOSING_MS = 500;

/** Listens. Throws StepwellError `AddressInUse`, `CannotListen`. */
export async function openFront(options: FrontOptions): Promise<Front> {
  const running = new Set<ServerResponse>();
  let done: (() => void) | undefined;

  const server = createServer((request, response) => {
    running.add(response);
    response.on("close", () => {
      running.delete(response);
      if (running.size === 0) done?.();
    });
    respond(request, response, options).catch((error: unknown) => {
      // Whoever asked has gone.
      if (request.destroyed && !request.complete) return;
      options.failed(error);
      if (response.headersSent) response.destroy();
      else write(response, failure(request));
    });
  });
  await listen(server, options.host, options.port);
  server.on("error", options.failed);

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, "close");
      server.close();
      if (running.size > 0) {
        await new Promise<void>((resolve) => {
          done = resolve;
          setTimeout(resolve, CLOSING_MS).unref();
        });
      }
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const where = `${host}:${port}`;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw code === "EADDRINUSE"
      ? new StepwellError("AddressInUse", `${where} is in use by another program: stop that, or choose another port`, {
          cause,
        })
      : new StepwellError("CannotListen", `cannot listen at ${where}: ${message}`, { cause });
  }
}

function failure(request: IncomingMessage): Answer {
  const message = "The request could not be handled; the log says why.";
  return isSqs(request) ? sqsError(500, "InternalError", message) : snsError("InternalError", message, 500);
}

async function respond(request: IncomingMessage, response: ServerResponse, options: FrontOptions): Promise<void> {
  if (isForeign(request)) return write(response, plain(403, "Requests of other sites are refused."));
  if (request.method === "GET") return write(response, await get(request.url ?? "/", options));
  if (request.method !== "POST") return write(response, plain(405, "SQS and SNS: POST alone."));
  const body = await read(request);
  if (body === undefined) return write(response, plain(413, "The request is too long."));
  if (!isSqs(request)) return write(response, await options.topics(paramsOf(new URLSearchParams(body))));
  const input = parse(body);
  if (input === undefined)
    return write(response, sqsError(400, "SerializationException", "The body is not a JSON object."));
  const action = String(request.headers["x-amz-target"] ?? "").replace("AmazonSQS.", "");
  const answer = await options.actions.sqs(action, input, request.headers.host ?? "");
  // A receiver that was killed while it waited must not take a message with it.
  if (action === "ReceiveMessage" && response.destroyed) return options.giveBack(input, answer);
  write(response, answer);
}

async function get(target: string, { topics, signer }: FrontOptions): Promise<Answer> {
  const url = new URL(target, "http://local");
  const action = url.searchParams.get("Action");
  if (action === "ConfirmSubscription" || action === "Unsubscribe") return topics(paramsOf(url.searchParams));
  if (url.pathname === "/health") return plain(200, "ok");
  if (url.pathname.startsWith("/SimpleNotificationService-")) {
    const { path, certificate } = await signer();
    if (url.pathname === path)
      return { status: 200, headers: { "content-type": "application/x-pem-file" }, body: certificate };
  }
  return plain(404, "This is an endpoint for SQS and SNS.");
}

/** A web page may send forms to any address of this machine; browsers say which site it came from. */
function isForeign(request: IncomingMessage): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname);
}

function isSqs(request: IncomingMessage): boolean {
  return request.headers["content-type"]?.includes("x-amz-json") === true;
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to its end all the same: who is cut off while it sends reads no answer.
    if (bytes <= LONGEST_BODY) chunks.push(chunk);
  }
  return bytes <= LONGEST_BODY ? Buffer.concat(chunks).toString("utf8") : undefined;
}

function parse(body: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function paramsOf(search: URLSearchParams): { readonly [name: string]: string } {
  return Object.fromEntries(search);
}

function plain(status: number, text: string): Answer {
  return { status, headers: { "content-type": "text/plain" }, body: `${text}\n` };
}

function sqsError(status: number, code: string, message: string): Answer {
  const body = JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message });
  return { status, headers: { "content-type": "application/x-amz-json-1.0" }, body };
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}
