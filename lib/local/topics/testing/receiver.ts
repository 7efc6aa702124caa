/** An HTTP server for tests: keeps what it gets, hands it over in order, and answers as it is told. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: number;
}

export interface Receiver {
  readonly url: string;
  /** The next request that was not handed over yet, now or when it comes. */
  next(): Promise<Received>;
  /** Requests that were not handed over. */
  count(): number;
  /** Status of the answers from now on, in order; the last one stays. 200 at first. */
  answer(...statuses: number[]): void;
  close(): Promise<void>;
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const waiting: ((request: Received) => void)[] = [];
  let statuses = [200];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const [status = 200, ...later] = statuses;
      if (later.length > 0) statuses = later;
      response.writeHead(status).end();
      const entry = { path: request.url ?? "", headers: request.headers, body, status };
      const waiter = waiting.shift();
      if (waiter === undefined) received.push(entry);
      else waiter(entry);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next() {
      const entry = received.shift();
      return entry === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(entry);
    },
    count: () => received.length,
    answer(...next) {
      statuses = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
