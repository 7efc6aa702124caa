/** What a run under fire has left, looked at from outside: its journal, its leases, and what its functions noted. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { s3Blobs } from "../../../lib/aws/blobs.ts";
import { dynamoJournal } from "../../../lib/aws/journal.ts";
import { unlikeIds } from "../../chaos/attempts.ts";
import { runtimeOver } from "../../chaos/invariants/reading.ts";
import { checkRecords, violationText } from "../../chaos/invariants.ts";
import type { TaskLog } from "../../chaos/task-log.ts";
import type { Deployed } from "../deployed.ts";
import { guarded, loopbackSettings } from "../guard.ts";
import { readJournalRecords } from "./journal-records.ts";
import { type CheckedLeases, checkLeases } from "./lease-check.ts";
import type { LeaseLedger } from "./lease-ledger.ts";

export interface Judged {
  readonly entries: number;
  readonly leases: CheckedLeases;
  readonly violations: readonly string[];
}

export interface Left {
  /** Of the emulator. */
  readonly endpoint: string;
  /** At rest. */
  readonly deployed: Pick<Deployed, "table" | "bucket" | "keys">;
  readonly ledger: LeaseLedger;
  readonly log: TaskLog;
  readonly leaseMs: number;
}

export async function judged({ endpoint, deployed, ledger, log, leaseMs }: Left): Promise<Judged> {
  const client = guarded(new DynamoDBClient(loopbackSettings(endpoint)));
  const s3 = guarded(new S3Client(loopbackSettings(endpoint)));
  try {
    const { table, bucket, keys } = deployed;
    const records = await readJournalRecords({ client, table });
    const [id = "", secret = ""] = keys.split(":");
    const runtime = runtimeOver({
      journal: dynamoJournal({ client, table }),
      blobs: s3Blobs({ client: s3, bucket }),
      keys: [{ id, secret: Buffer.from(secret, "base64") }],
    });
    const checked = await checkRecords(records, runtime);
    const runs = log.notes.filter((note) => note.kind === "begin");
    const ran = runs.map(({ attemptId }) => attemptId);
    const leases = checkLeases({ ...ledger, leaseMs, executions: records.executions.values(), ran });
    const violations = [...checked.violations.map(violationText), ...unlikeIds(runs), ...leases.violations];
    return { entries: checked.entries, leases, violations };
  } finally {
    client.destroy();
    s3.destroy();
  }
}
