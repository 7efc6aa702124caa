/** HTTP over kept connections on this machine: how the workloads drive the systems, the same way all of them. */
import { Agent, createServer, request } from "node:http";

export interface Web {
  /** Sends a request and resolves with the body of a 2xx answer; rejects with status and body of any other. */
  send(method: "GET" | "POST", url: string, body?: { readonly type: string; readonly text: string }): Promise<string>;
  close(): void;
}

export function web(): Web {
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000, maxFreeSockets: 1_000 });
  return {
    send(method, url, body) {
      const headers =
        body === undefined ? {} : { "content-type": body.type, "content-length": Buffer.byteLength(body.text) };
      return new Promise((resolve, reject) => {
        const sent = request(url, { method, agent, headers }, (answer) => {
          let text = "";
          answer.setEncoding("utf8");
          answer.on("data", (chunk) => {
            text += chunk;
          });
          answer.on("error", reject);
          answer.on("end", () => {
            const status = answer.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(text);
            else reject(new Error(`${method} ${url}: ${status} ${text}`));
          });
        });
        sent.on("error", reject);
        sent.end(body?.text);
      });
    },
    close: () => agent.destroy(),
  };
}

export interface TokenDesk {
  /** Where a step posts `{key, token}`. */
  readonly url: string;
  /** Resolves with the token that is posted under a key. Call it before the workflow starts. */
  token(key: string): Promise<string>;
  close(): void;
}

/** Takes the tokens that callback workflows wait for from the step that was handed them. */
export async function tokenDesk(): Promise<TokenDesk> {
  const waiting = new Map<string, (token: string) => void>();
  const server = createServer((incoming, answer) => {
    let text = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (chunk) => {
      text += chunk;
    });
    incoming.on("end", () => {
      const { key, token } = JSON.parse(text) as { key: string; token: string };
      answer.end();
      waiting.get(key)?.(token);
      waiting.delete(key);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The token desk listens on no port.");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    token: (key) => new Promise((resolve) => waiting.set(key, resolve)),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
