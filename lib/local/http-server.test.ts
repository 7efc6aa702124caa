import { once } from "node:events";
import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import {
  type HttpAnswer,
  type HttpRequest,
  type HttpServer,
  type HttpServerOptions,
  serveHttp,
} from "./http-server.ts";

const MiB = 1_048_576;

const open: HttpServer[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await server.close();
});

async function serve(handle: HttpServerOptions["handle"], onError?: (error: unknown) => void): Promise<HttpServer> {
  const server = await serveHttp({ handle, host: "127.0.0.1", port: 0, ...(onError && { onError }) });
  open.push(server);
  return server;
}

const answer = (value: unknown): HttpAnswer => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

/** Answers with the request. */
const echo = async (request: HttpRequest) => answer(request);

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

function send(server: HttpServer, options: RequestOptions, body: string | Buffer = ""): Promise<Answer> {
  return answered(httpRequest({ host: "127.0.0.1", port: server.port, ...options }), body);
}

function answered(request: ClientRequest, body: string | Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
      response.on("error", reject);
    });
    request.end(body);
  });
}

/** A bare connection; `read` gives all that came when the server has ended it. */
async function bare(server: HttpServer): Promise<{ readonly socket: Socket; readonly read: () => Promise<string> }> {
  const socket = connect(server.port, "127.0.0.1");
  sockets.push(socket);
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise((resolve) => socket.on("close", resolve));
  await once(socket, "connect");
  return {
    socket,
    async read() {
      await ended;
      return text;
    },
  };
}

function refusalIn(text: string) {
  const [head = "", body = ""] = text.split("\r\n\r\n");
  expect(head).toContain("content-type: application/json");
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
  return { line: head.split("\r\n")[0], body: JSON.parse(body) };
}

it("hands on method, target, headers and body as they came", async () => {
  const server = await serve(echo);
  const options = { method: "POST", path: "http://other.host/?A=%41+b", headers: { "X-Acs-Action": "ListFlows" } };
  const { status, text } = await send(server, options, "B=é&C=+");
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    method: "POST",
    target: "http://other.host/?A=%41+b",
    headers: { "x-acs-action": "ListFlows", host: `127.0.0.1:${server.port}` },
    body: "B=é&C=+",
  });
});

it("hands on a request without a body", async () => {
  const server = await serve(echo);
  expect(JSON.parse((await send(server, { path: "/?A" })).text)).toMatchObject({
    method: "GET",
    target: "/?A",
    body: "",
  });
  const { text } = await send(server, { method: "POST", headers: { "content-length": "0" } });
  expect(JSON.parse(text).body).toBe("");
});

it("puts a body together that comes in pieces, without its length", async () => {
  const server = await serve(echo);
  const request = httpRequest({ port: server.port, method: "POST" });
  for (const byte of Buffer.from("A=é中")) request.write(Buffer.of(byte));
  expect(JSON.parse((await answered(request, "")).text).body).toBe("A=é中");
});

it("says where it listens", async () => {
  const server = await serve(echo);
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
  expect((await fetch(server.url)).status).toBe(200);
});

it("sends status, headers and text of the answer", async () => {
  const server = await serve(async () => ({ status: 418, headers: { "x-what": "tea" }, body: "é" }));
  const { status, headers, text } = await send(server, {});
  expect([status, headers["x-what"], headers["content-length"], text]).toEqual([418, "tea", "2", "é"]);
});

it("serves many requests on one connection", async () => {
  const server = await serve(echo);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  agent.on("free", (socket: Socket) => ports.add(socket.localPort));
  for (let i = 0; i < 5; i++) {
    const body = i % 2 ? `A=${i}` : "";
    expect(JSON.parse((await send(server, { agent, method: "POST" }, body)).text).body).toBe(body);
  }
  expect(ports.size).toBe(1);
  agent.destroy();
});

it("takes a body of 1 MiB and refuses one byte more, as JSON, and the connection lives", async () => {
  const server = await serve(async ({ body }) => answer(body.length));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect((await send(server, { agent, method: "POST" }, "x".repeat(MiB))).text).toBe(String(MiB));
  const { status, headers, text } = await send(server, { agent, method: "POST" }, "x".repeat(MiB + 1));
  expect([status, headers["content-type"]]).toEqual([400, "application/json"]);
  expect(JSON.parse(text)).toEqual({
    RequestId: expect.any(String),
    Code: "EntityTooLarge",
    Message: "The request's body has more than 1048576 bytes.",
  });
  expect((await send(server, { agent, method: "POST" }, "x")).text).toBe("1");
  agent.destroy();
});

it("counts the bytes of a body that does not say how many it has", async () => {
  const server = await serve(async ({ body }) => answer(body.length));
  const request = httpRequest({ port: server.port, method: "POST" });
  for (let i = 0; i < 5; i++) request.write("x".repeat(MiB / 4));
  expect(JSON.parse((await answered(request, "")).text).Code).toBe("EntityTooLarge");
});

it("lets a client that has sent far too much see why, however late it looks", async () => {
  const server = await serve(echo);
  const { status, text } = await send(server, { method: "POST" }, Buffer.alloc(32 * MiB, "x"));
  expect([status, JSON.parse(text).Code]).toEqual([400, "EntityTooLarge"]);
});

it("cuts off who sends without end", async () => {
  const server = await serve(echo);
  const { socket, read } = await bare(server);
  socket.on("error", () => {});
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
  const chunk = `${(MiB).toString(16)}\r\n${"x".repeat(MiB)}\r\n`;
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", write);
  write();
  await read();
  expect(socket.destroyed).toBe(true);
});

it("refuses a body that is no UTF-8", async () => {
  const server = await serve(echo);
  const { status, text } = await send(server, { method: "POST" }, Buffer.from([0x41, 0x3d, 0xff]));
  expect([status, JSON.parse(text).Code]).toEqual([400, "InvalidArgument"]);
});

it.each([
  ["what is no HTTP", "hello\r\n\r\n"],
  ["a header that is none", "GET / HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n"],
  ["two lengths", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx"],
  [
    "a length and chunks",
    "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
])("refuses %s with JSON that has a Code", async (_what, text) => {
  const server = await serve(echo);
  const { socket, read } = await bare(server);
  socket.write(text);
  const { line, body } = refusalIn(await read());
  expect(line).toBe("HTTP/1.1 400 Bad Request");
  expect(body).toEqual({ RequestId: expect.any(String), Code: "InvalidArgument", Message: expect.any(String) });
});

it("takes a query of 60 kB and refuses one that is larger than request line and headers may be", async () => {
  const server = await serve(echo);
  expect((await send(server, { path: `/?Cause=${"x".repeat(60_000)}` })).status).toBe(200);
  const { socket, read } = await bare(server);
  socket.write(`GET /?${"x".repeat(70_000)} HTTP/1.1\r\nhost: x\r\n\r\n`);
  expect(refusalIn(await read()).body.Code).toBe("EntityTooLarge");
});

it("answers a fault of the handler with 500 and says nothing of it, but to who runs the server", async () => {
  const errors: unknown[] = [];
  const fault = new Error("secret");
  const server = await serve(
    () => Promise.reject(fault),
    (error) => errors.push(error),
  );
  const { status, text } = await send(server, {});
  expect([status, JSON.parse(text).Code]).toEqual([500, "InternalServerError"]);
  expect(text).not.toContain("secret");
  expect(errors).toEqual([fault]);
});

/** A server whose answers come when their signal aborts. */
async function patient() {
  const aborted = Promise.withResolvers<unknown>();
  const begun = Promise.withResolvers<void>();
  const server = await serve(
    (_request, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          aborted.resolve(signal.reason);
          resolve(answer("as it is"));
        });
        begun.resolve();
      }),
  );
  return { server, aborted: aborted.promise, begun: begun.promise };
}

it("tells the handler when its caller goes away", async () => {
  const { server, aborted, begun } = await patient();
  const { socket } = await bare(server);
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  await begun;
  socket.destroy();
  expect(await aborted).toBe("the caller has gone away");
});

it("does not tell the handler of a caller that goes away after its answer", async () => {
  const signals: AbortSignal[] = [];
  const server = await serve(async (_request, signal) => {
    signals.push(signal);
    return answer(1);
  });
  await send(server, { headers: { connection: "close" } });
  await server.close();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

it("begins nothing for a caller that goes away while it sends", async () => {
  let begun = 0;
  const server = await serve(async () => {
    begun++;
    return answer(1);
  });
  const { socket } = await bare(server);
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nA=");
  socket.destroy();
  await once(socket, "close");
  expect((await send(server, {})).text).toBe("1");
  expect(begun).toBe(1);
});

it("ends idle connections at once when it closes", async () => {
  const server = await serve(echo);
  const agent = new Agent({ keepAlive: true });
  await send(server, { agent });
  const { read } = await bare(server);
  const before = performance.now();
  await server.close();
  expect(performance.now() - before).toBeLessThan(250);
  expect(await read()).toBe("");
  agent.destroy();
});

it("lets those who wait be answered with what there is when it closes, and takes nothing more", async () => {
  const { server, aborted, begun } = await patient();
  const agent = new Agent({ keepAlive: true });
  const waiting = send(server, { agent });
  await begun;
  const closed = server.close();
  expect(await aborted).toBe("the server closes");
  const { text, headers } = await waiting;
  expect([text, headers.connection]).toEqual(['"as it is"', "close"]);
  await closed;
  await expect(send(server, {})).rejects.toMatchObject({ code: "ECONNREFUSED" });
  agent.destroy();
});

it("cuts off an answer that does not come when it closes", async () => {
  const begun = Promise.withResolvers<void>();
  const server = await serve(() => {
    begun.resolve();
    return new Promise(() => {});
  });
  const waiting = expect(send(server, {})).rejects.toMatchObject({ code: "ECONNRESET" });
  await begun.promise;
  const before = performance.now();
  await server.close();
  const took = performance.now() - before;
  await waiting;
  expect(took).toBeGreaterThan(200);
  expect(took).toBeLessThan(2_000);
});

it("answers requests that come at once on one connection in their order", async () => {
  const second = Promise.withResolvers<void>();
  const server = await serve(async ({ target }) => {
    if (target === "/?1") await second.promise;
    else second.resolve();
    return answer(target);
  });
  const { socket, read } = await bare(server);
  socket.write("GET /?1 HTTP/1.1\r\nhost: x\r\n\r\nGET /?2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
  expect((await read()).match(/"\/\?\d"/g)).toEqual(['"/?1"', '"/?2"']);
});

it("closes once, however often it is told to", async () => {
  const server = await serve(echo);
  await Promise.all([server.close(), server.close()]);
  await server.close();
});

it("says so when its port is taken", async () => {
  const first = await serve(echo);
  await expect(serveHttp({ handle: echo, host: "127.0.0.1", port: first.port })).rejects.toMatchObject({
    code: "AddressInUse",
    message: expect.stringContaining(`127.0.0.1:${first.port} is in use`),
  });
});

it("says so when it cannot listen there", async () => {
  await expect(serveHttp({ handle: echo, host: "192.0.2.1", port: 0 })).rejects.toMatchObject({
    code: "CannotListen",
    message: expect.stringContaining("192.0.2.1:0"),
  });
});
