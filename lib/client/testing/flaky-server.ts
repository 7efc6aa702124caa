/** A server that answers as its script says, one entry for each request, and remembers what it was asked. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { ApiRequest } from "../../api/params.ts";
import { readParams } from "../../api/params.ts";
import { StepwellClient } from "../client.ts";
import type { ClientOptions } from "../options.ts";
import { instantTime } from "./instant-time.ts";

/** `reset`: nothing is answered; `cut`: a part; `silence`: never; a function: whatever it does. */
export type Reaction =
  | "reset"
  | "cut"
  | "silence"
  | ((response: ServerResponse, socket: Socket) => void)
  | {
      readonly status?: number;
      readonly headers?: { readonly [name: string]: string };
      /** An object is sent as JSON. */
      readonly body: string | object;
    };

export async function flakyServer(reactions: readonly Reaction[]) {
  const script = [...reactions];
  const requests: ApiRequest[] = [];
  const sockets = new Set<Socket>();
  const asked = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "", url: target = "", socket } = request;
    requests.push({ method, target, headers: { "content-type": request.headers["content-type"] }, body });
    asked.resolve();
    const reaction: Reaction = script.shift() ?? { status: 400, body: { Code: "ScriptOver", Message: "no more" } };
    if (reaction === "reset") socket.resetAndDestroy();
    else if (reaction === "silence") return;
    else if (reaction === "cut") {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"RequestId":', () => socket.destroy());
    } else if (typeof reaction === "function") reaction(response, socket);
    else {
      response.writeHead(reaction.status ?? 200, reaction.headers ?? {});
      response.end(typeof reaction.body === "string" ? reaction.body : JSON.stringify(reaction.body));
    }
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const time = instantTime();
  const client = new StepwellClient({ endpoint: `http://127.0.0.1:${port}` }, time);
  const clients = [client];
  return {
    client,
    time,
    port,
    sockets,
    requests,
    /** A request has arrived. */
    asked: asked.promise,
    clientWith(options: Partial<ClientOptions>): StepwellClient {
      const other = new StepwellClient({ endpoint: `http://127.0.0.1:${port}`, ...options }, time);
      clients.push(other);
      return other;
    },
    params: () => requests.map((request) => Object.fromEntries(readParams(request))),
    close(): Promise<unknown> {
      for (const one of clients) one.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
