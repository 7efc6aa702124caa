/** All that `stepwell dev` runs in its process: the engine over its store, queues and topics, the HTTP endpoint. */
import { join } from "node:path";
import { createApi } from "../../api/index.ts";
import { StepwellError } from "../../fdl/errors.ts";
import { type Embedded, type EmbeddedOptions, openEmbedded } from "../../local/embedded.ts";
import { serveHttp } from "../../local/http-server.ts";
import { type LocalTopics, localTopics } from "../../local/topics/local-topics.ts";
import type { Runtime } from "../../runtime/index.ts";
import type { CallResult } from "../../runtime/ports/functions.ts";
import { portProblem } from "./address.ts";
import { MOST_COUNTED } from "./banner.ts";
import { endings } from "./endings.ts";
import type { DevFunctions } from "./functions.ts";
import type { DevView } from "./view.ts";

export interface DevServerOptions {
  /** The folder of all that is kept. */
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly topicsPort: number;
  readonly functions: DevFunctions;
  readonly view: DevView;
}

export interface DevServer {
  readonly runtime: Runtime;
  /** Opens the ports. Throws UsageError for one that is taken. */
  listen(): Promise<{ readonly http: string; readonly topics: string }>;
  /** Resolves when all that was done so far is on disk. */
  durable(): Promise<void>;
  /** How many executions run: at most MOST_COUNTED + 1 are counted. */
  running(): number;
  /** Takes the end of a function that was not waited for. */
  report(id: string, result: CallResult): Promise<void>;
  /** Rejects when the store has failed. */
  readonly broken: Promise<never>;
  /** Ends all of it within about a second. */
  close(): Promise<void>;
}

/**
 * Opens the store; what was interrupted goes on at once. Throws StepwellError `DirectoryInUse`, `StoreFormat`,
 * `StoreDamaged`, `StoreWriteFailed`.
 */
export async function openServer(options: DevServerOptions): Promise<DevServer> {
  const { data, host, functions, view } = options;
  // Executions go on before the store's opening is through, and before the ports are open.
  const opened = Promise.withResolvers<Embedded>();
  const topics = Promise.withResolvers<LocalTopics>();
  for (const { promise } of [opened, topics]) promise.catch(() => {});
  const ends = endings(
    async (ref, startId) => (await opened.promise).ended(ref, startId),
    (header) => view.ended(header),
  );
  const observe: NonNullable<EmbeddedOptions["observe"]> = (strand, { history: events, effect }) => {
    const { startId, flow, ref } = strand.address;
    view.transit({ startId, flow, execution: ref.name, branch: strand.branch, seq: strand.seq, events, effect });
    ends.follow(ref, startId);
  };
  let url: string | undefined;
  const embedded = await openEmbedded({
    directory: join(data, "store"),
    functions,
    destinations: { send: async (call, context) => (await topics.promise).send(call, context) },
    log: (line) => view.say(`warning: ${line}`),
    callbacks: () => (url === undefined ? undefined : `${url}/callbacks/`),
    ...(view.quiet ? {} : { observe }),
  });
  opened.resolve(embedded);
  const { runtime } = embedded;
  const fronts: { close(): Promise<void> }[] = [];

  async function openTopics(port: number): Promise<string> {
    const front = await localTopics({
      dataDir: join(data, "topics"),
      host,
      port,
      functions: () => functions,
      clock: runtime.ports.clock,
      log: (line) => view.say(`warning: ${line}`),
    });
    topics.resolve(front);
    fronts.push(front);
    return front.endpoint;
  }

  /** What was answered with InternalServerError. */
  function onError(error: unknown): void {
    // A failure of ours is told with its place; what the store says, a user can do something about.
    const text = error instanceof Error && !(error instanceof StepwellError) ? error.stack : undefined;
    view.say(`warning: a request failed: ${text ?? (error instanceof Error ? error.message : String(error))}`);
  }

  async function openHttp(port: number): Promise<string> {
    const handle = createApi({ runtime, settled: embedded.durable, ended: embedded.ended, onError });
    const front = await serveHttp({ handle, host, port, onError });
    fronts.push(front);
    url = front.url;
    return url;
  }

  async function listening(open: (port: number) => Promise<string>, port: number, option: string): Promise<string> {
    try {
      return await open(port);
    } catch (error) {
      throw portProblem(error, host, port, option);
    }
  }

  return {
    runtime,
    durable: embedded.durable,
    broken: embedded.broken,
    report: embedded.finished,
    async listen() {
      const http = await listening(openHttp, options.port, "--port");
      return { http, topics: await listening(openTopics, options.topicsPort, "--topics-port") };
    },
    running: () => [...embedded.store.tables.running.keys({ limit: MOST_COUNTED + 1 })].length,
    async close() {
      ends.close();
      // No request may find a closed store.
      await Promise.all(fronts.map((front) => front.close()));
      await Promise.all([embedded.close(), functions.close()]);
    },
  };
}
