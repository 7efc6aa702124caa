/**
 * The journal port over DynamoDB: one table (architecture §7). A write is one conditional PutItem or UpdateItem of one
 * item, whose refusal brings back what is there, so that nobody reads again; a read on the way of a transition is one
 * consistent GetItem. Nothing is a transaction, and only recovery, joins and lists query.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "../memory/system-clock.ts";
import type { Clock } from "../runtime/ports/clock.ts";
import type { Journal } from "../runtime/ports/journal.ts";
import { tableEntries } from "./journal/entries.ts";
import { tableExecutions } from "./journal/executions.ts";
import { expiry } from "./journal/expiry.ts";
import { tableFlows } from "./journal/flows.ts";
import { tableJoins } from "./journal/joins.ts";
import { tableLists } from "./journal/lists.ts";
import { tableParked } from "./journal/parked.ts";
import { tableProbe } from "./journal/probe.ts";
import type { Stored } from "./journal/stored.ts";
import { openTable } from "./journal/table.ts";
import { tableVerdicts } from "./journal/verdicts.ts";

export interface DynamoJournalOptions {
  readonly client: DynamoDBClient;
  /** Name of the table, as serverless.yml makes it. */
  readonly table: string;
  /** How long an execution is kept after its end, ms; 30 days when not given. */
  readonly retentionMs?: number;
  /** How long an execution may take, ms: what others wait for is kept as long; a year when not given (fdl.md §1.4). */
  readonly maxExecutionMs?: number;
  readonly clock?: Clock;
}

const DAY_MS = 86_400_000;

/** The journal in a table. All methods reject with AwsError where AWS does not do what it is asked. */
export function dynamoJournal({
  client,
  table,
  retentionMs = 30 * DAY_MS,
  maxExecutionMs = 365 * DAY_MS,
  clock = systemClock(),
}: DynamoJournalOptions): Journal {
  const stored: Stored = {
    table: openTable({ client, name: table, clock }),
    expiry: expiry({ clock, retentionMs, maxExecutionMs }),
  };
  return {
    ...tableEntries(stored),
    ...tableVerdicts(stored),
    ...tableJoins(stored),
    ...tableExecutions(stored),
    ...tableParked(stored),
    ...tableLists(stored),
    ...tableFlows(stored),
    ...tableProbe(stored),
  };
}
