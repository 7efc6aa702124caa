/** Pushes that are not delivered yet, and tokens of subscriptions that are not confirmed yet, kept in the topics' database. */
import type { DatabaseSync } from "node:sqlite";
import type { Pushed } from "./envelope.ts";

export interface Push {
  readonly id: number;
  readonly subscriptionArn: string;
  readonly pushed: Pushed;
  /** How often it was tried. */
  readonly tries: number;
  /** When it is tried next, ms. */
  readonly due: number;
  /** When it was published, ms. */
  readonly since: number;
}

/** Changes are made in the turn's transaction (commits.ts): `Commits.begin` comes first. */
export interface PushTable {
  add(subscriptionArn: string, pushed: Pushed, now: number): void;
  /** ARNs of the subscriptions that something is to be pushed to. */
  subscriptions(): readonly string[];
  /** Those of a subscription that are due, the first ones, at most `limit`. */
  due(subscriptionArn: string, now: number, limit: number): readonly Push[];
  /** When the next one is due that is not before `now`. */
  nextDue(now: number): number | undefined;
  /** Makes all due: whoever did not answer may have been started again as well. */
  makeDue(now: number): void;
  retry(id: number, tries: number, due: number): void;
  remove(id: number): void;
  addToken(token: string, subscriptionArn: string): void;
  subscriptionOf(token: string): string | undefined;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS stepwell_pushes (
  id INTEGER PRIMARY KEY,
  subscription TEXT NOT NULL,
  pushed TEXT NOT NULL,
  tries INTEGER NOT NULL,
  due INTEGER NOT NULL,
  since INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS stepwell_pushes_due ON stepwell_pushes (due);
CREATE INDEX IF NOT EXISTS stepwell_pushes_subscription ON stepwell_pushes (subscription, due, id);
CREATE TABLE IF NOT EXISTS stepwell_tokens (token TEXT PRIMARY KEY, subscription TEXT NOT NULL);
`;

/** Goes from one subscription to the next by the index, however many pushes each has. */
const SUBSCRIPTIONS = `
WITH RECURSIVE found (arn) AS (
  SELECT min(subscription) FROM stepwell_pushes
  UNION ALL
  SELECT (SELECT min(subscription) FROM stepwell_pushes WHERE subscription > arn) FROM found WHERE arn IS NOT NULL
)
SELECT arn FROM found WHERE arn IS NOT NULL
`;

/** The tables of a database, made when missing. */
export function pushTable(database: DatabaseSync): PushTable {
  database.exec(SCHEMA);
  const add = database.prepare(
    "INSERT INTO stepwell_pushes (subscription, pushed, tries, due, since) VALUES (?, ?, 0, ?, ?)",
  );
  const subscriptions = database.prepare(SUBSCRIPTIONS);
  const due = database.prepare(
    "SELECT * FROM stepwell_pushes WHERE subscription = ? AND due <= ? ORDER BY due, id LIMIT ?",
  );
  const nextDue = database.prepare("SELECT min(due) AS due FROM stepwell_pushes WHERE due > ?");
  const makeDue = database.prepare("UPDATE stepwell_pushes SET due = ? WHERE due > ?");
  const retry = database.prepare("UPDATE stepwell_pushes SET tries = ?, due = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM stepwell_pushes WHERE id = ?");
  const addToken = database.prepare("INSERT INTO stepwell_tokens (token, subscription) VALUES (?, ?)");
  const subscription = database.prepare("SELECT subscription FROM stepwell_tokens WHERE token = ?");
  return {
    add: (subscriptionArn, pushed, now) => void add.run(subscriptionArn, JSON.stringify(pushed), now, now),
    subscriptions: () => subscriptions.all().map((row) => String(row.arn)),
    due: (subscriptionArn, now, limit) =>
      due.all(subscriptionArn, now, limit).map((row) => parseRow(row as unknown as Row)),
    nextDue: (now) => (nextDue.get(now) as { due: number | null }).due ?? undefined,
    makeDue: (now) => void makeDue.run(now, now),
    retry: (id, tries, at) => void retry.run(tries, at, id),
    remove: (id) => void remove.run(id),
    addToken: (token, subscriptionArn) => void addToken.run(token, subscriptionArn),
    subscriptionOf: (token) => (subscription.get(token) as { subscription: string } | undefined)?.subscription,
  };
}

interface Row {
  readonly id: number;
  readonly subscription: string;
  readonly pushed: string;
  readonly tries: number;
  readonly due: number;
  readonly since: number;
}

function parseRow({ id, subscription, pushed, tries, due, since }: Row): Push {
  return { id, subscriptionArn: subscription, pushed: JSON.parse(pushed) as Pushed, tries, due, since };
}
