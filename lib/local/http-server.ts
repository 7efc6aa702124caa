/**
 * An HTTP server for small requests and answers held in memory: loopback, keep-alive, no streaming. What its own limits
 * refuse is answered like all else, as JSON with a `Code`: clients of the API read nothing else.
 */
import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { StepwellError } from "../fdl/errors.ts";

export interface HttpRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: { readonly [lowerCaseName: string]: string | undefined };
  /** "" when there is none. */
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

export interface HttpServerOptions {
  /** Makes the answer. `signal` aborts when its caller goes away, and when the server closes: then it should come soon. */
  readonly handle: (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;
  /** Name or address to listen at. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Told when `handle` rejects; its caller gets `InternalServerError`. */
  readonly onError?: (error: unknown) => void;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Takes nothing more, ends idle connections at once, gives running answers a moment, then cuts them off. */
  close(): Promise<void>;
}

/** A request and its answer. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Aborts when the caller goes away, and when the server closes. */
  readonly caller: AbortController;
}

/** fdl.md §1.4: a request has at most 1,024 KiB. */
const MAX_BODY_BYTES = 1_048_576;

/** Request line and headers: a cause of 4,096 characters in the query has nine bytes for each. */
const MAX_HEADER_BYTES = 64 * 1_024;

/** So much of a body that is too large is read and dropped; what sends still more is cut off. */
const MAX_DROPPED_BYTES = 64 * 1_048_576;

/** Clients keep connections for up to a minute; whoever ends one first must not be us, or a request may be lost on it. */
const KEEP_ALIVE_MS = 65_000;

/** How long answers may take once the server closes. */
const GRACE_MS = 300;

/** Reasons of our own: without one, each abort makes an exception with a stack. */
const GONE = "the caller has gone away";
const CLOSING = "the server closes";

const JSON_TYPE = { "content-type": "application/json" } as const;

/** Listens. Throws StepwellError `AddressInUse`, `CannotListen`. */
export async function serveHttp({ handle, host, port, onError = () => {} }: HttpServerOptions): Promise<HttpServer> {
  /** How many requests of each connection are not answered yet. (Node counts a connection as idle only after its first request.) */
  const connections = new Map<Socket, number>();
  const running = new Set<Exchange>();
  let closing: Promise<void> | undefined;

  function count(socket: Socket, change: number): number {
    const requests = (connections.get(socket) ?? 0) + change;
    if (connections.has(socket)) connections.set(socket, requests);
    return requests;
  }

  async function respond({ request, response, caller }: Exchange, body: string): Promise<void> {
    let answer: HttpAnswer;
    try {
      const { method = "", url: target = "" } = request;
      // Of a request's headers Node makes lists of one only, set-cookie, which clients do not send.
      const headers = request.headers as HttpRequest["headers"];
      answer = await handle({ method, target, headers, body }, caller.signal);
    } catch (error) {
      onError(error);
      answer = refusal(500, "InternalServerError", "The server failed at this request; its log says why.");
    }
    write(response, answer, closing !== undefined);
  }

  function refuse({ response }: Exchange, answer: HttpAnswer, last: boolean): void {
    write(response, answer, last || closing !== undefined);
  }

  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 60_000 },
    (request, response) => {
      const { socket } = request;
      const exchange: Exchange = { request, response, socket, caller: new AbortController() };
      running.add(exchange);
      count(socket, 1);
      response.on("close", () => {
        running.delete(exchange);
        if (!response.writableFinished) exchange.caller.abort(GONE);
        const left = count(socket, -1);
        // The answer may have been written just before, as if the connection were to stay.
        if (closing !== undefined && left === 0) socket.destroySoon();
      });
      if (hasBody(request)) readBody(exchange, (body) => void respond(exchange, body), refuse);
      else void respond(exchange, "");
    },
  );
  server.on("connection", (socket: Socket) => {
    connections.set(socket, 0);
    socket.on("close", () => connections.delete(socket));
  });
  server.on("clientError", refuseBroken);
  await listen(server, host, port);
  server.on("error", onError);
  const bound = server.address() as AddressInfo;

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound.port}`,
    port: bound.port,
    close() {
      closing ??= new Promise((resolve) => {
        const cutOff = setTimeout(() => server.closeAllConnections(), GRACE_MS);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        for (const [socket, requests] of connections) if (requests === 0) socket.destroy();
        for (const { caller } of running) caller.abort(CLOSING);
      });
      return closing;
    },
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/** Collects a body. One that is too large is read to its end all the same: cut off while it sends, a client would not see the answer. */
function readBody(
  exchange: Exchange,
  done: (body: string) => void,
  refuse: (exchange: Exchange, answer: HttpAnswer, last: boolean) => void,
): void {
  const { request } = exchange;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let refused = false;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > MAX_DROPPED_BYTES && !refused) {
      refused = true;
      refuse(exchange, tooLarge(), true);
    }
  });
  request.on("end", () => {
    if (refused) return;
    if (bytes > MAX_BODY_BYTES) return refuse(exchange, tooLarge(), false);
    const [first] = chunks;
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    if (isUtf8(body)) done(body.toString());
    else refuse(exchange, refusal(400, "InvalidArgument", "The request's body is not UTF-8."), false);
  });
  // A caller that goes away before its body has come: nothing was begun.
  request.on("error", () => {});
}

function tooLarge(): HttpAnswer {
  return refusal(400, "EntityTooLarge", `The request's body has more than ${MAX_BODY_BYTES} bytes.`);
}

function write(response: ServerResponse, { status, headers, body }: HttpAnswer, last: boolean): void {
  const bytes = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, "content-length": bytes, ...(last ? { connection: "close" } : {}) });
  response.end(body);
}

function refusal(status: number, code: string, message: string): HttpAnswer {
  return {
    status,
    headers: JSON_TYPE,
    body: JSON.stringify({ RequestId: randomUUID(), Code: code, Message: message }),
  };
}

/** What is no HTTP, or has too long a request line and headers, is answered on the bare connection. */
function refuseBroken(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const { status, body } =
    error.code === "HPE_HEADER_OVERFLOW"
      ? refusal(400, "EntityTooLarge", `Request line and headers have more than ${MAX_HEADER_BYTES} bytes.`)
      : refusal(400, "InvalidArgument", `The request is no HTTP that can be read: ${error.message}.`);
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    function refuse(cause: NodeJS.ErrnoException): void {
      const where = `${host}:${port}`;
      const [code, message] =
        cause.code === "EADDRINUSE"
          ? ["AddressInUse", `${where} is in use by another program: stop that, or choose another port`]
          : ["CannotListen", `cannot listen at ${where}: ${cause.message}`];
      reject(new StepwellError(code, message, { cause }));
    }
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      resolve();
    });
  });
}
