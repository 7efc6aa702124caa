/**
 * All that a deployment's table holds of its executions, read at rest: what the invariants are checked on (test/chaos). Items
 * are read by the journal's own adapter, which must know each that is in the table.
 */
import { type AttributeValue, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { entryItemKey, LARGEST, outputKey } from "../../../lib/aws/journal/keys.ts";
import { dynamoJournal } from "../../../lib/aws/journal.ts";
import type {
  Entry,
  EntryKey,
  Header,
  JoinItem,
  Journal,
  OutputItem,
  VerdictItem,
} from "../../../lib/runtime/ports/journal.ts";
import { at, type Execution, type Records, type Violation } from "../../chaos/invariants/records.ts";
import { inLanes } from "./in-lanes.ts";
import { placeOf } from "./lease-ledger.ts";

export interface JournalTable {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** Executions that are read at a time. */
const LANES = 8;

type Item = Record<string, AttributeValue>;

/** Items whose keys begin so hang on an execution's branch: entries, verdicts, joins, outputs. */
const OF_BRANCH = /^([JVBO])#([^#]*)#(\d+)/;

/** Reads the table. What was written under a start id that no header has is left out: a start that lost the race for its name. */
export async function readJournalRecords({ client, table }: JournalTable): Promise<Records> {
  const journal = dynamoJournal({ client, table });
  const items = await scan(client, table);
  const byStart = Map.groupBy(items, ({ pk }) => startOf(pk?.S ?? ""));
  const violations: Violation[] = [];
  const executions = new Map<string, Execution>();
  const known = new Set<string>();
  const headers = items.filter(({ startId, flowId }) => startId !== undefined && flowId !== undefined);
  await inLanes(headers, LANES, async (item) => {
    const header = await journal.readHeader({ flowId: item.flowId?.S ?? "", name: item.name?.S ?? "" });
    if (header === undefined) return;
    violations.push(...listFaults(header, item));
    const hanging = byStart.get(header.startId) ?? [];
    executions.set(header.startId, await readExecution(journal, header, hanging, known));
  });
  for (const item of items) {
    const [pk, sk] = [item.pk?.S ?? "", item.sk?.S ?? ""];
    const place = placeOf({ pk, sk });
    if (!executions.has(startOf(pk)) || known.has(place)) continue;
    if (sk.startsWith("P#")) violations.push(strange(place, "a message is parked there"));
    else violations.push(strange(place, "the journal does not know it: it stands where it does not belong"));
  }
  return { executions, violations };
}

async function scan(client: DynamoDBClient, TableName: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  const pages = paginateScan({ client }, { TableName, ConsistentRead: true });
  for await (const { Items = [] } of pages) items.push(...Items);
  return items;
}

/** Reads what hangs on one execution; adds the places of what the journal found to `known`. */
async function readExecution(
  journal: Journal,
  header: Header,
  items: readonly Item[],
  known: Set<string>,
): Promise<Execution> {
  const { startId } = header;
  const branches = new Map<string, Entry[]>();
  const verdicts = new Map<string, VerdictItem>();
  const joins = new Map<string, JoinItem>();
  const outputs = new Map<string, readonly OutputItem[]>();
  for (const { sk } of items) {
    const [, kind, branch = "", digits] = OF_BRANCH.exec(sk?.S ?? "") ?? [];
    const key: EntryKey = { startId, branch, seq: Number(digits) };
    const place = at(branch, key.seq);
    if (kind === "J" && !branches.has(branch)) {
      branches.set(branch, await readBranch(journal, startId, branch));
      for (const entry of branches.get(branch) ?? []) known.add(placeOf(entryItemKey("J", entry)));
    } else if (kind === "V") {
      const verdict = await journal.readVerdict(key);
      if (verdict !== undefined) verdicts.set(place, verdict);
      known.add(placeOf(entryItemKey("V", key)));
    } else if (kind === "B") {
      const [join] = await journal.readJoins([key]);
      if (join !== undefined) joins.set(place, join);
      known.add(placeOf(entryItemKey("B", key)));
    } else if (kind === "O" && !outputs.has(place)) {
      outputs.set(place, await journal.readOutputs(key));
      for (const { index, chunk } of outputs.get(place) ?? []) known.add(placeOf(outputKey(key, index, chunk)));
    }
  }
  const { input, output } = await journal.readData(header.ref, startId);
  const data = { input: input !== undefined, output: output !== undefined };
  return { header, ...data, branches, verdicts, joins, outputs, messages: [] };
}

async function readBranch(journal: Journal, startId: string, branch: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const page = await journal.readEntries(startId, branch, (entries.at(-1)?.seq ?? -1) + 1, LARGEST);
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

/** A header stands in the index of running executions while it runs, and in that of all executions for good. */
function* listFaults({ status, flow, ref }: Header, item: Item): Generator<Violation> {
  const wrong = (text: string): Violation => ({ execution: `${flow}/${ref.name}`, branch: "", text });
  if ((item.runningShard !== undefined) !== (status === "Running"))
    yield wrong(`it is ${status} and ${item.runningShard ? "stands" : "does not stand"} among the running ones`);
  if (item.listShard === undefined || item.startedAt === undefined) yield wrong("no list of executions has it");
}

/** The start id in the partition key of what hangs on an execution. Ids of tests have nothing in them that a key would escape. */
function startOf(pk: string): string {
  return /^J#([^#]+)/.exec(pk)?.[1] ?? "";
}

function strange(place: string, text: string): Violation {
  return { execution: "", branch: "", text: `${place}: ${text}` };
}
