/**
 * One request and what became of it, over node:http with connections kept alive: a call costs a fraction of the CPU time
 * of one by `fetch`. It tells apart what a retry must know: whether the server can have seen the request.
 */
import { Agent as HttpAgent, type IncomingHttpHeaders, type RequestOptions, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { Socket } from "node:net";
import { onAbort, type Time } from "./time.ts";

export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  /** No connection came to be. */
  | { readonly kind: "unsent"; readonly cause: Error | "timeout" }
  /**
   * Sent, or at least begun, and not answered to the end. `stale`: on a connection of an earlier call, before a byte of
   * the answer, as when the server had closed it meanwhile.
   */
  | { readonly kind: "lost"; readonly cause: Error | "timeout"; readonly stale: boolean };

export interface Post {
  /** A form. */
  readonly body: string;
  readonly timeoutMs: number;
  readonly signals: readonly AbortSignal[];
  /** Takes no connection of an earlier call. */
  readonly fresh: boolean;
}

export interface Transport {
  /** Posts a form to `/`. Rejects only with the reason of a signal that aborts. */
  post(post: Post): Promise<Outcome>;
  /** Ends all connections. */
  close(): void;
}

/** An agent lets go of the process while a connection idles, and of the connection a second before the server ends it. */
const AGENT = { keepAlive: true, scheduling: "lifo" } as const;

/** Connections to one server. */
export function httpTransport(endpoint: URL, time: Time): Transport {
  const secure = endpoint.protocol === "https:";
  const request = secure ? requestHttps : requestHttp;
  const agent = secure ? new HttpsAgent(AGENT) : new HttpAgent(AGENT);
  const target: RequestOptions = {
    method: "POST",
    path: "/",
    // An IPv6 address stands in brackets in a URL, and without them elsewhere.
    hostname: endpoint.hostname.replace(/^\[(.*)\]$/, "$1"),
    ...(endpoint.port === "" ? {} : { port: endpoint.port }),
  };

  function post({ body, timeoutMs, signals, fresh }: Post): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let connected = false;
      let answering = false;
      let settled = false;
      const sending = request({
        ...target,
        agent: fresh ? false : agent,
        headers: { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(body) },
      });

      function settle(): boolean {
        if (settled) return false;
        settled = true;
        cancel();
        forget();
        return true;
      }

      function fail(cause: Error | "timeout"): void {
        if (!settle()) return;
        sending.destroy();
        if (!connected) resolve({ kind: "unsent", cause });
        else resolve({ kind: "lost", cause, stale: sending.reusedSocket && !answering && cause !== "timeout" });
      }

      sending.on("socket", (socket: Socket & { readonly secureConnecting?: boolean }) => {
        if (socket.connecting || socket.secureConnecting) {
          socket.once(secure ? "secureConnect" : "connect", () => {
            connected = true;
          });
        } else connected = true;
      });
      sending.on("error", fail);
      sending.on("response", (response) => {
        answering = true;
        response.setEncoding("utf8");
        let text = "";
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", fail);
        response.on("end", () => {
          const { statusCode: status = 0, headers } = response;
          if (settle()) resolve({ kind: "answered", status, headers, body: text });
        });
      });
      const cancel = time.after(timeoutMs, () => fail("timeout"));
      const forget = onAbort(signals, (reason) => {
        // Before `forget` is there, when a signal has aborted already.
        settled = true;
        cancel();
        sending.destroy();
        reject(reason);
      });
      if (!settled) sending.end(body);
    });
  }

  return { post, close: () => agent.destroy() };
}
