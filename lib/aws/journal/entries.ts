/**
 * The journal's entries: one item each, in the order of seq within their branch. An append is one conditional PutItem,
 * refused or not.
 */
import type { Entry, EntryKey, Journal, Lease, Packed } from "../../runtime/ports/journal.ts";
import { type Item, item, number, optionalNumber, optionalText, present, text } from "./item.ts";
import { branchPartition, entriesPrefix, entryItemKey, keyNumber, LARGEST, lastNumber } from "./keys.ts";
import type { Stored } from "./stored.ts";

type Entries = Pick<
  Journal,
  "append" | "readEntry" | "readTip" | "readEntries" | "readSnapshot" | "replaceLease" | "settle"
>;

/** Entries that one request of a search for a snapshot looks at; every 64th has one. */
const SEARCH = 65;

export function tableEntries({ table, expiry }: Stored): Entries {
  /** Entries of a branch from the last backwards, a request for as many as asked for. */
  function backwards(startId: string, branch: string, to: number, more: { pageItems: number; having?: string }) {
    return table.query({
      pk: branchPartition(startId, branch),
      sk: range(branch, 0, to),
      newestFirst: true,
      ...more,
    });
  }

  return {
    async append(entry) {
      const attributes = { ...entryItem(entry), expiresAt: expiry.entry(entry) };
      const refused = await table.put(entryItemKey("J", entry), attributes, { absent: ["pk"] });
      return refused?.there && readEntryItem(entry, refused.there);
    },
    async readEntry(key) {
      const found = await table.get(entryItemKey("J", key));
      return found && readEntryItem(key, found);
    },
    async readTip(startId, branch) {
      for await (const [tip] of backwards(startId, branch, LARGEST, { pageItems: 1 })) {
        return tip && readEntryItem({ startId, branch }, tip);
      }
      return undefined;
    },
    async readEntries(startId, branch, from, to) {
      if (from > to || from > LARGEST) return [];
      const pages = table.query({ pk: branchPartition(startId, branch), sk: range(branch, from, to) });
      for await (const page of pages) return page.map((one) => readEntryItem({ startId, branch }, one));
      return [];
    },
    async readSnapshot(startId, branch, seq) {
      for await (const [newest] of backwards(startId, branch, seq, { pageItems: SEARCH, having: "snapshot" })) {
        if (newest !== undefined) return readEntryItem({ startId, branch }, newest);
      }
      return undefined;
    },
    async replaceLease(key, expected, lease) {
      const result = await table.update(
        entryItemKey("J", key),
        { set: leaseItem(lease) },
        { equal: leaseItem(expected) },
      );
      if (!result.refused) return true;
      // Its own write, repeated by the SDK: an owner is one delivery, nobody else writes its lease.
      const held = result.again && result.there ? readLease(result.there) : undefined;
      return held !== undefined && held.owner === lease.owner && held.until === lease.until;
    },
    async settle(key, owner) {
      const settled = { set: item({ settled: true }) };
      return !(await table.update(entryItemKey("J", key), settled, { equal: item({ leaseOwner: owner }) })).refused;
    },
  };
}

function range(branch: string, from: number, to: number): readonly [from: string, to: string] {
  const prefix = entriesPrefix("J", branch);
  return [`${prefix}${keyNumber(Math.max(0, from))}`, `${prefix}${keyNumber(Math.min(to, LARGEST))}`];
}

function leaseItem({ owner, until }: Lease): Item {
  return item({ leaseOwner: owner, leaseUntil: until });
}

function readLease(from: Item): Lease | undefined {
  const owner = optionalText(from, "leaseOwner");
  return owner === undefined ? undefined : { owner, until: number(from, "leaseUntil") };
}

/** Users name the child's execution, with whatever text: as JSON it holds no half character that DynamoDB would refuse. */
function entryItem({ event, at, anchor, writer, lease, snapshot, due, heartbeatSeconds, ...rest }: Entry): Item {
  return {
    ...item({ event, at, anchor, writer, events: rest.events, effect: rest.effect, snapshot, due, heartbeatSeconds }),
    ...(lease === undefined ? {} : leaseItem(lease)),
    ...item({ settled: rest.settled, child: rest.child && JSON.stringify(rest.child) }),
  };
}

function readEntryItem({ startId, branch }: Pick<EntryKey, "startId" | "branch">, from: Item): Entry {
  const child = optionalText(from, "child");
  return {
    startId,
    branch,
    seq: lastNumber(text(from, "sk")),
    event: text(from, "event") as Packed,
    at: number(from, "at"),
    anchor: number(from, "anchor"),
    writer: text(from, "writer"),
    ...present("lease", readLease(from)),
    ...present("snapshot", optionalText(from, "snapshot") as Packed | undefined),
    ...present("due", optionalNumber(from, "due")),
    ...present("heartbeatSeconds", optionalNumber(from, "heartbeatSeconds")),
    events: number(from, "events"),
    effect: text(from, "effect"),
    ...present("settled", from.settled?.BOOL),
    ...present("child", child === undefined ? undefined : JSON.parse(child)),
  };
}
