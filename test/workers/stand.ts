/** What `stepwell dev` puts together, in this process: the engine over a directory, its HTTP endpoint, and queues and topics. */
import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi } from "../../lib/api/index.ts";
import { openEmbedded } from "../../lib/local/embedded.ts";
import { childFunctions } from "../../lib/local/functions/child-functions.ts";
import { serveHttp } from "../../lib/local/http-server.ts";
import { localTopics } from "../../lib/local/topics/local-topics.ts";
import { systemClock } from "../../lib/memory/system-clock.ts";
import { deployFlow } from "../../lib/runtime/index.ts";

export const FLOWS = join(import.meta.dirname, "../../flows");

export interface Execution {
  readonly Status: string;
  readonly Output: string;
}

export interface Stand extends AsyncDisposable {
  /** Of the API. */
  readonly api: string;
  /** Of SQS and SNS. */
  readonly aws: string;
  /** Calls an action of the API; rejects when it is refused. */
  call(action: string, params: Readonly<Record<string, string>>): Promise<Record<string, string>>;
  /** Starts an execution of the flow `flow`. */
  start(name: string, input: object): Promise<void>;
  /** Starts one whose task waits for a report; resolves with its token, out of the history, when it waits. */
  startAndWaitForToken(name: string): Promise<string>;
  /** The execution, when it has ended, or after 20 seconds. */
  end(name: string): Promise<Execution>;
}

/** The stand with the flow of one example, by the name `flow`. */
export async function openStand(example: string): Promise<Stand> {
  const directory = await mkdtemp(join(tmpdir(), "stepwell-workers-"));
  const functions = childFunctions({ module: join(FLOWS, "callback/functions.ts"), onConsole: () => {} });
  const log = () => {};
  const clock = systemClock();
  const topics = await localTopics({ dataDir: join(directory, "topics"), functions: () => functions, clock, log });
  const submissions = new EventEmitter();
  const embedded = await openEmbedded({
    directory: join(directory, "store"),
    functions,
    destinations: topics,
    log,
    observe({ address }, { history }) {
      if (history.some(({ type }) => type === "TaskSubmitted")) submissions.emit(address.ref.name);
    },
  });
  const handle = createApi({ runtime: embedded.runtime, settled: embedded.durable, ended: embedded.ended });
  const http = await serveHttp({ handle, host: "127.0.0.1", port: 0 });
  const definition = readFileSync(join(FLOWS, example, "flow.yml"), "utf8");
  await deployFlow(embedded.runtime.ports, { name: "flow", definition, mode: "Standard" });

  async function call(action: string, params: Readonly<Record<string, string>>) {
    const body = new URLSearchParams({ Action: action, Version: "2019-03-15", ...params });
    const response = await fetch(http.url, { method: "POST", body });
    const answer = (await response.json()) as Record<string, string>;
    if (!response.ok) throw new Error(`${action}: ${answer.Code}: ${answer.Message}`);
    return answer;
  }

  async function start(name: string, input: object): Promise<void> {
    await call("StartExecution", { FlowName: "flow", ExecutionName: name, Input: JSON.stringify(input) });
  }

  return {
    api: http.url,
    aws: topics.endpoint,
    call,
    start,
    async startAndWaitForToken(name) {
      const submitted = once(submissions, name);
      await start(name, {});
      await submitted;
      const { Events } = await call("GetExecutionHistory", { FlowName: "flow", ExecutionName: name });
      const events = Events as unknown as readonly { readonly Type: string; readonly EventDetail: string }[];
      const detail = JSON.parse(events.find(({ Type }) => Type === "TaskSubmitted")?.EventDetail ?? "");
      return detail.output.taskToken;
    },
    async end(name) {
      const params = { FlowName: "flow", ExecutionName: name, WaitTimeSeconds: "20" };
      return (await call("DescribeExecution", params)) as unknown as Execution;
    },
    async [Symbol.asyncDispose]() {
      await http.close();
      await embedded.close();
      await topics.close();
      await functions.close();
      await rm(directory, { recursive: true });
    },
  };
}
