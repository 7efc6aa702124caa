/**
 * Queues and topics on this machine: a real SQS and SNS endpoint for any AWS SDK, and the destinations port that tasks send
 * through. Everything is kept in one directory; what was acknowledged, to a task or to an SDK, is on disk.
 */
import { join } from "node:path";
import { StepwellError } from "../../fdl/errors.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import type { Destinations } from "../../runtime/ports/destinations.ts";
import type { Functions } from "../../runtime/ports/functions.ts";
import { fauxqsActions } from "./actions.ts";
import { groupCommits } from "./commits.ts";
import { deliveries } from "./deliver.ts";
import { type Fauxqs, moveQueues, openFauxqs } from "./fauxqs.ts";
import { openFront } from "./front.ts";
import { giveBackTo } from "./give-back.ts";
import { pushTable } from "./push-table.ts";
import { startPushes } from "./pushes.ts";
import { queuesOfTopics } from "./queue-envelope.ts";
import { localDestinations } from "./send.ts";
import { type Signer, signerOf } from "./signing.ts";
import { topicsActions } from "./topics.ts";

export interface LocalTopicsOptions {
  /** Directory of its database; made when missing. One process at a time. */
  readonly dataDir: string;
  /** Address to listen at; 127.0.0.1 when not given. */
  readonly host?: string;
  /** 0, and when not given: any that is free. */
  readonly port?: number;
  /** Functions that topics push to (subscriptions with protocol `lambda`), asked for at each push. */
  readonly functions: () => Functions | undefined;
  readonly clock: Clock;
  /** What a user may want to know: queues made, pushes that failed. */
  readonly log: (line: string) => void;
  /** Makes queues and topics that a task sends to and nobody made; on when not given. Off: `MNS.QueueNotExist`, `MNS.TopicNotExist`. */
  readonly createMissing?: boolean;
  /** Also pushes to endpoints of other machines; off when not given: a flow that is tried out calls nobody outside. */
  readonly pushAnywhere?: boolean;
}

export interface LocalTopics extends Destinations {
  /** `http://127.0.0.1:PORT`: SQS and SNS for any AWS SDK. */
  readonly endpoint: string;
  /** Gives port and directory free. Pushes that are not delivered go on at the next start. */
  close(): Promise<void>;
}

/**
 * Opens the directory and listens. Throws StepwellError `DirectoryInUse` when another process has the directory open,
 * `AddressInUse` when another program listens at the port, `CannotListen`, `StoreDamaged` when the database cannot be read,
 * `StoreWriteFailed` when it cannot be written.
 */
export async function localTopics(options: LocalTopicsOptions): Promise<LocalTopics> {
  const { dataDir, host = "127.0.0.1", port = 0, clock, log } = options;
  let endpoint = "";
  let current: Signer | undefined;
  const openSigner = signerOf(dataDir, () => new Date(clock.now()));
  const signer = async () => {
    current = await openSigner();
    return current;
  };
  const fauxqs = await open(dataDir, (sqs, sns) =>
    queuesOfTopics(sqs, sns, () => (current === undefined ? undefined : { signer: current, endpoint })),
  );
  const { database } = fauxqs;
  const commits = groupCommits(database, (error) =>
    log(`queues and topics cannot be written any more: ${textOf(error)}`),
  );
  const table = pushTable(database);
  const actions = fauxqsActions(fauxqs, commits);
  const deliver = deliveries({ sns: fauxqs.sns, signer, endpoint: () => endpoint, functions: options.functions });
  let wake = () => {};
  const topics = topicsActions({
    fauxqs,
    actions,
    table,
    signer,
    now: clock.now,
    wake: () => wake(),
    mayPushTo: (url) => options.pushAnywhere === true || isLoopback(url),
  });

  const failed = (error: unknown) => log(`SQS and SNS: ${textOf(error)}`);
  let front: Awaited<ReturnType<typeof openFront>>;
  try {
    front = await openFront({ host, port, actions, topics, signer, giveBack: giveBackTo(fauxqs.sqs, commits), failed });
  } catch (error) {
    database.close();
    throw error;
  }
  const authority = `${host.includes(":") ? `[${host}]` : host}:${front.port}`;
  endpoint = `http://${authority}`;
  moveQueues(fauxqs.sqs, endpoint);
  const pushes = startPushes({ table, commits, clock, log, deliver });
  wake = pushes.wake;
  const destinations = localDestinations({
    fauxqs,
    actions,
    topics,
    host: () => authority,
    createMissing: options.createMissing ?? true,
    log,
  });
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    // Receivers that wait for messages are answered that there are none.
    fauxqs.sqs.shutdown();
    await front.close();
    await pushes.close();
    // A commit that fails has been told to whoever waited for it.
    await commits.settled().catch(() => {});
    database.close();
  }

  return {
    endpoint,
    send: destinations.send,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

async function open(...of: Parameters<typeof openFauxqs>): Promise<Fauxqs> {
  const [dataDir] = of;
  try {
    return await openFauxqs(...of);
  } catch (cause) {
    const { errcode } = cause as { readonly errcode?: number };
    if (errcode === BUSY) {
      const message = `Queues and topics in ${dataDir} are in use by another process. End that one, or name another directory.`;
      throw new StepwellError("DirectoryInUse", message, { cause });
    }
    if (errcode === CORRUPT || errcode === NOT_A_DATABASE) {
      const message = `${join(dataDir, "fauxqs.db")} cannot be read: ${textOf(cause)}. Put a copy in its place, or remove it: its queues, topics and messages are then gone.`;
      throw new StepwellError("StoreDamaged", message, { cause });
    }
    const message = `Queues and topics cannot be kept in ${dataDir}: ${textOf(cause)}.`;
    throw new StepwellError("StoreWriteFailed", message, { cause });
  }
}

/** Result codes of SQLite. */
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(127(\.\d+){3}|\[::1\]|localhost|.+\.localhost)$/.test(hostname);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
