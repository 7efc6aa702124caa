/**
 * The parts of fauxqs that queues and topics are made of. Its own server listens on all addresses of the machine, and loads
 * an S3 and a web framework before the first queue: so its stores and actions are used, without them (front.ts serves).
 */
import type { DatabaseSync } from "node:sqlite";
import type { BuildAppOptions } from "fauxqs";

type Stores = NonNullable<BuildAppOptions["stores"]>;
export type SqsStore = Stores["sqsStore"];
export type SnsStore = Stores["snsStore"];
type Persistence = NonNullable<SqsStore["persistence"]>;
export type Subscription = NonNullable<ReturnType<SnsStore["getSubscription"]>>;

/** What its actions look at in a request. */
interface Request {
  readonly headers: { readonly [name: string]: string };
  readonly body: object;
}

interface Reply {
  status(code: number): void;
  header(name: string, value: string): void;
}

type Handler = (...of: unknown[]) => unknown;

export interface Router {
  register(action: string, handler: Handler): void;
  /** Answers with an object (SQS) or with XML (SNS); begins its work at once. */
  handle(request: Request, reply: Reply): Promise<unknown>;
}

export interface Fauxqs {
  readonly sqs: SqsStore;
  readonly sns: SnsStore;
  readonly sqsRouter: Router;
  readonly snsRouter: Router;
  /** Everything that the stores hold is in it; each change is written as it is made. */
  readonly database: DatabaseSync;
}

/** Where everything is: a machine is one region and one account. */
export const REGION = "us-east-1";
export const ACCOUNT = "000000000000";

const folder = new URL("./", import.meta.resolve("fauxqs"));

/** A module of fauxqs that it does not export; its version is fixed in package.json. */
export async function part<T>(path: string): Promise<T> {
  return (await import(new URL(path, folder).href)) as T;
}

/**
 * Opens the database in `dataDir`, made when missing, and loads what it holds. `topicQueues` gives the queues as topics are to
 * see them.
 */
export async function openFauxqs(
  dataDir: string,
  topicQueues: (sqs: SqsStore, sns: SnsStore) => SqsStore,
): Promise<Fauxqs> {
  const [sqsModule, snsModule, persistenceModule, sqsRouterModule, snsRouterModule, rules] = await Promise.all([
    part<{ SqsStore: new () => SqsStore }>("sqs/sqsStore.js"),
    part<{ SnsStore: new () => SnsStore }>("sns/snsStore.js"),
    part<{ PersistenceManager: new (dataDir: string) => Persistence }>("persistence.js"),
    part<{ SqsRouter: new (store: SqsStore) => Router }>("sqs/sqsRouter.js"),
    part<{ SnsRouter: new (sns: SnsStore, sqs: SqsStore) => Router }>("sns/snsRouter.js"),
    part<{ INVALID_MESSAGE_BODY_CHAR: { test(text: string): boolean } }>("sqs/sqsTypes.js"),
  ]);
  const sqs = new sqsModule.SqsStore();
  const sns = new snsModule.SnsStore();
  const persistence = new persistenceModule.PersistenceManager(dataDir);
  const { db: database } = persistence as unknown as { readonly db: DatabaseSync };
  takeAlone(database);
  persistence.loadSqsAndSns(sqs, sns);
  sqs.persistence = persistence;
  sns.persistence = persistence;
  for (const queue of sqs.allQueues()) queue.persistence = persistence;
  // Queue URLs are made of the address that was asked, not of a name that may not resolve.
  sqs.host = "";
  allowAllPlanes(rules.INVALID_MESSAGE_BODY_CHAR);
  repairVisibility(persistence, database);
  recallDeduplication(sqs);
  return {
    sqs,
    sns,
    sqsRouter: new sqsRouterModule.SqsRouter(sqs),
    snsRouter: new snsRouterModule.SnsRouter(sns, topicQueues(sqs, sns)),
    database,
  };
}

/** One process at a time, until it ends however it ends; and what is committed is on disk, whatever SQLite was built with. */
function takeAlone(database: DatabaseSync): void {
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("BEGIN IMMEDIATE");
  database.exec("COMMIT");
}

/** SQS takes every character that XML 1.0 takes; fauxqs refuses those beyond U+FFFF, such as emoji. */
function allowAllPlanes(invalid: { test(text: string): boolean }): void {
  invalid.test = (text) => /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text);
}

/** fauxqs sets a column to NULL that must not be, when a message is made visible again before its time. */
function repairVisibility(persistence: Persistence, database: DatabaseSync): void {
  const visible = database.prepare(
    "UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?",
  );
  persistence.updateMessageReady = (messageId) => void visible.run(messageId);
}

/** Queue URLs lead to where this process listens now: some SDKs send to them. */
export function moveQueues(sqs: SqsStore, endpoint: string): void {
  const { queues } = sqs as unknown as { readonly queues: Map<string, { url: string }> };
  for (const queue of [...queues.values()]) {
    queues.delete(queue.url);
    queue.url = `${endpoint}${new URL(queue.url).pathname}`;
    queues.set(queue.url, queue);
  }
}

/** A FIFO queue drops what was sent within that time, ms. */
const DEDUPLICATION_MS = 300_000;

/** fauxqs forgets at its end what was sent to FIFO queues: those that still are in them are known again. */
function recallDeduplication(sqs: SqsStore): void {
  for (const queue of sqs.allQueues()) {
    if (!queue.isFifo()) continue;
    const { ready, delayed, inflight } = queue.inspectMessages();
    for (const message of [...ready, ...delayed, ...inflight.map((entry) => entry.message)]) {
      const { messageDeduplicationId: id, sentTimestamp, messageId, sequenceNumber } = message;
      if (id !== undefined && sentTimestamp > Date.now() - DEDUPLICATION_MS) {
        queue.recordDeduplication(id, messageId, sequenceNumber);
      }
    }
  }
}
