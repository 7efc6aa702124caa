/** Where a run under fire takes place: an emulator with the handlers and the tasks' functions deployed in it, all of them behind the fault proxy. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { leasesOf } from "../../../lib/aws/deployment/ports.ts";
import { freshDirectory } from "../../../lib/local/store/testing/fresh-directory.ts";
import functions from "../../chaos/functions.fixture.ts";
import { type TaskLog, taskLog } from "../../chaos/task-log.ts";
import { codeOf, type Deployed, deploy } from "../deployed.ts";
import { ministack } from "../ministack.ts";
import type { ApiClient } from "./api-client.ts";
import { type FaultProxy, type FaultProxyOptions, faultProxy } from "./fault-proxy.ts";
import { definitions } from "./fire-work.ts";
import { type LeaseLedger, leaseLedger } from "./lease-ledger.ts";

export interface Stage {
  /** Of the emulator itself. */
  readonly endpoint: string;
  readonly proxy: FaultProxy;
  readonly deployed: Deployed;
  readonly ledger: LeaseLedger;
  /** What the tasks' functions note. */
  readonly log: TaskLog;
  /** Where callback tasks ask. */
  readonly queueUrl: string;
  /** Creates all flows (fire-work.ts). */
  createFlows(api: ApiClient): Promise<void>;
  close(): Promise<void>;
}

/** A lost worker's message comes back after this, seconds; leases are a little shorter. */
const VISIBILITY_SECONDS = 12;
/** How long a lease lasts, ms. */
export const LEASE_MS = leasesOf(VISIBILITY_SECONDS).leaseMs;
/** The messages of a worker that died before it hid them come back after this, seconds. */
const INVOCATION_SECONDS = 30;
/** Batches at a time: most of the time each waits for the slowest of its ten messages. */
const CONCURRENCY = 6;

export async function openStage(faults: Pick<FaultProxyOptions, "seed" | "rates">): Promise<Stage> {
  const closing: (() => unknown)[] = [];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const home = freshDirectory();
    closing.push(() => home.remove());
    const notes = join(home.path, "tasks");
    const emulator = await ministack();
    closing.push(() => emulator.stop());
    const { endpoint } = emulator;
    const ledger = leaseLedger();
    const proxy = await faultProxy({ endpoint, ...faults, onCarried: ledger.note });
    closing.push(() => proxy.close());
    const deployed = await deploy(endpoint, {
      through: proxy.endpoint,
      visibilitySeconds: VISIBILITY_SECONDS,
      invocationSeconds: INVOCATION_SECONDS,
      concurrency: CONCURRENCY,
    });
    closing.push(() => deployed.stop());
    await uploadFunctions(deployed, notes);
    const QueueName = `asked-${randomUUID().slice(0, 8)}`;
    const { QueueUrl: queueUrl = "" } = await deployed.sqs.send(new CreateQueueCommand({ QueueName }));
    const createFlows = async (api: ApiClient) => {
      for (const [name, definition] of await definitions(QueueName)) await createFlow(api, name, definition);
    };
    return { endpoint, proxy, deployed, ledger, log: taskLog(notes), queueUrl, createFlows, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The functions of the chaos runs, which note their runs in the file `CHAOS_LOG`. */
async function uploadFunctions(deployed: Deployed, CHAOS_LOG: string): Promise<void> {
  const module = join(import.meta.dirname, "../../chaos/functions.fixture.ts");
  for (const resource of Object.keys(functions)) {
    await deployed.taskFunction(resource.replace("/", "-"), await codeOf(module, resource), { CHAOS_LOG });
  }
}

async function createFlow(api: ApiClient, Name: string, Definition: string): Promise<void> {
  const flow = { Name, Description: "of the fire", Type: "FDL", Definition, ExecutionMode: "Standard" };
  const { Code, Message } = await api.call("CreateFlow", flow);
  // It was created, and the answer was lost.
  if (Code !== undefined && Code !== "FlowAlreadyExists") throw new Error(`flow ${Name}: ${Code}: ${Message}`);
}
