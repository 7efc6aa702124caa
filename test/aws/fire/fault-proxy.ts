/**
 * A proxy in front of the emulator that does what networks and services do: it delays requests, refuses them as a service
 * does that is throttled or out of order, carries them out and drops the answer, and sends messages twice and out of order.
 *
 * The emulator's event sources receive and delete within the emulator, past the proxy: messages are doubled and delayed where
 * they are sent, which comes to the same for who receives them. A seed gives the same throws; which request meets which throw
 * depends on the order in which requests come.
 */
import { Agent, createServer, type IncomingHttpHeaders, request as open, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { dice } from "../../../lib/sim/dice.ts";
import { type AwsAnswer, type AwsRequest, bytesOf, readRequest } from "./aws-request.ts";
import { failure, throttling } from "./refusals.ts";
import { disturbed, type SendChances } from "./sends.ts";

/** Chances, 0 to 1: of each request, or of each message that is sent. */
export interface Rates extends SendChances {
  readonly delayed: number;
  /** Refused, nothing happens. */
  readonly throttled: number;
  /** Status 500, nothing happens. */
  readonly failed: number;
  /** It happens, and the connection is closed instead of an answer. */
  readonly dropped: number;
}

export type Fault = keyof Rates;

export const NO_FAULTS: Rates = { delayed: 0, throttled: 0, failed: 0, dropped: 0, copied: 0, reordered: 0 };

export interface FaultProxy {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** How often each came. */
  readonly counts: Readonly<Record<Fault, number>>;
  /** Requests that were carried out, by service. */
  readonly carried: ReadonlyMap<string, number>;
  /** Errors of connections to the emulator: whether those requests were carried out nobody knows. */
  readonly broken: readonly string[];
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  /** Of the emulator. */
  readonly endpoint: string;
  readonly seed: number;
  readonly rates: Rates;
  /** Told of each request that was carried out, with the answer, whether its sender gets to see that or not. */
  readonly onCarried?: (request: AwsRequest, answer: AwsAnswer) => void;
}

/** A delayed request waits up to this, ms. */
const LONGEST_DELAY_MS = 300;
/** Idle connections to the emulator are closed before it closes them, ms. */
const IDLE_MS = 2_000;

export async function faultProxy({ endpoint, seed, rates, onCarried }: FaultProxyOptions): Promise<FaultProxy> {
  const chance = dice(seed);
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  const counts = { ...NO_FAULTS } as Record<Fault, number>;
  const carried = new Map<string, number>();
  const broken: string[] = [];
  let own = "";

  function happens(fault: Fault): boolean {
    if (chance.next() >= rates[fault]) return false;
    counts[fault]++;
    return true;
  }

  function refused(request: AwsRequest): AwsAnswer | undefined {
    for (const [fault, refusal] of [
      ["throttled", throttling],
      ["failed", failure],
    ] as const) {
      const answer = refusal(request, chance);
      if (answer !== undefined && happens(fault)) return answer;
    }
    return undefined;
  }

  async function carryOut(request: AwsRequest): Promise<AwsAnswer> {
    const answer = await forward(agent, endpoint, request).catch((error) => {
      broken.push(`${request.service} ${request.action}: ${String(error)}`);
      throw error;
    });
    carried.set(request.service, (carried.get(request.service) ?? 0) + 1);
    onCarried?.(request, answer);
    return answer;
  }

  /** The copies go before or after the message itself. */
  async function send(request: AwsRequest): Promise<AwsAnswer> {
    const { body, copies, copied, reordered } = disturbed(request.body, chance, rates);
    counts.copied += copied;
    counts.reordered += reordered;
    const copy = copies && { ...request, body: copies };
    const first = chance.below(2) === 0;
    if (copy && first) await carryOut(copy);
    const answer = await carryOut({ ...request, body });
    if (copy && !first) await carryOut(copy);
    return answer;
  }

  async function serve(request: AwsRequest, response: ServerResponse): Promise<void> {
    if (happens("delayed")) await sleep(chance.below(LONGEST_DELAY_MS));
    const refusal = refused(request);
    if (refusal !== undefined) return reply(response, refusal);
    const inward = toEmulator(request, own, endpoint);
    const answer = await (isSend(inward) ? send(inward) : carryOut(inward));
    if (happens("dropped")) response.destroy();
    else reply(response, toSender(request, answer, own, endpoint));
  }

  const server = createServer(async (incoming, response) => {
    try {
      await serve(await readRequest(incoming), response);
    } catch {
      // The sender died over it, or the emulator closed the connection: nobody is answered.
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: own,
    counts,
    carried,
    broken,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}

function isSend({ service, action }: AwsRequest): boolean {
  return service === "sqs" && (action === "SendMessage" || action === "SendMessageBatch");
}

/** Queues are addressed by URL: the proxy's outside, the emulator's inside. */
function toEmulator(request: AwsRequest, own: string, endpoint: string): AwsRequest {
  if (request.service !== "sqs") return request;
  return { ...request, body: replaced(request.body, `"QueueUrl":"${own}`, `"QueueUrl":"${endpoint}`) };
}

function toSender({ service }: AwsRequest, answer: AwsAnswer, own: string, endpoint: string): AwsAnswer {
  if (service !== "sqs") return answer;
  const body = replaced(answer.body, `"QueueUrl": "${endpoint}`, `"QueueUrl": "${own}`);
  return { ...answer, body: replaced(body, `"QueueUrl":"${endpoint}`, `"QueueUrl":"${own}`) };
}

function replaced(bytes: Buffer, old: string, by: string): Buffer {
  return bytes.includes(old) ? Buffer.from(bytes.toString().replaceAll(old, by)) : bytes;
}

/** Headers of one connection, not of what is carried (RFC 9110, 7.6.1), and what depends on the body. */
const OWN_HEADERS = ["connection", "keep-alive", "transfer-encoding", "content-length", "expect"];

function passedOn(headers: IncomingHttpHeaders, body: Buffer): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
  return { ...Object.fromEntries(kept), "content-length": String(body.length) };
}

/** The host header stays as the sender signed it. */
function forward(agent: Agent, endpoint: string, { method, path, headers, body }: AwsRequest): Promise<AwsAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    const request = open({ hostname, port, path, method, agent, headers: passedOn(headers, body) });
    request.once("error", reject);
    request.once("response", (response) => {
      bytesOf(response).then(
        (bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }),
        reject,
      );
    });
    request.end(body);
  });
}

function reply(response: ServerResponse, { status, headers, body }: AwsAnswer): void {
  response.writeHead(status, passedOn(headers, body)).end(body);
}
