/**
 * The ports that most invocations do without: large values, timers further away than a queue's delay, topics and queues of
 * tasks. Their clients take as long to load as all others together, so they are loaded when they are first needed.
 */
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Ports } from "../../runtime/index.ts";
import type { Blobs } from "../../runtime/ports/blobs.ts";
import type { DeploymentSettings } from "./environment.ts";

/** How the clients of AWS are made, of all of a deployment's ports. */
export interface Clients {
  /** What a service's client is made with beside our own settings. */
  settings(service: "DynamoDB" | "SQS" | "Lambda" | "S3" | "Scheduler" | "SNS"): ClientSettings;
  /** Told of each client before it is used: who counts requests adds middleware. */
  made(client: Client): void;
}

interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Of an SDK client, what they have in common. */
interface Client {
  readonly middlewareStack: {
    add(middleware: unknown, options: unknown): void;
  };
}

/** Loads S3's client at the first call. */
export function blobsOnDemand({ bucket }: Pick<DeploymentSettings, "bucket">, clients: Clients): Blobs {
  const loaded = once(async () => (await import("./rare-clients.ts")).openBlobs(bucket, clients));
  return {
    put: async (hash, text) => (await loaded()).put(hash, text),
    get: async (hash) => (await loaded()).get(hash),
  };
}

export interface RareOptions extends Pick<Ports, "queue" | "blobs" | "clock"> {
  readonly settings: DeploymentSettings;
  readonly clients: Clients;
  readonly sqs: SQSClient;
}

/** Loads the clients of Scheduler and SNS at the first call of theirs. */
export function rarePorts(options: RareOptions): Pick<Ports, "timers" | "destinations"> {
  const timers = once(async () => (await import("./rare-clients.ts")).openTimers(options));
  const destinations = once(async () => (await import("./rare-clients.ts")).openDestinations(options));
  return {
    timers: { schedule: async (name, due, body) => (await timers()).schedule(name, due, body) },
    destinations: { send: async (call, context) => (await destinations()).send(call, context) },
  };
}

/** The function, whose result is made at its first call. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
