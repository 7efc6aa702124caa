/** Items for the journal's contract, each complete but for what its test is about. */
import { randomUUID } from "node:crypto";
import type { Entry, EntryKey, FlowItem, Header, Lease, Packed } from "../../../lib/runtime/ports/journal.ts";

/** Opaque to adapters, so any text will do. */
export function packed(text: string): Packed {
  return text as Packed;
}

/** A new start id or flow id. */
export function newId(): string {
  return randomUUID();
}

export const LEASE: Lease = { owner: "delivery-1", until: 1_700_000_055_000 };

export function entry(key: EntryKey, overrides: Partial<Entry> = {}): Entry {
  return {
    ...key,
    event: packed(`{"kind":"elapsed","at":${key.seq}}`),
    at: 1_700_000_000_000 + key.seq,
    anchor: key.seq,
    writer: "delivery-1",
    events: 3,
    effect: "invoke",
    ...overrides,
  };
}

export function header(overrides: Partial<Header> = {}): Header {
  return {
    ref: { flowId: newId(), name: "run-1" },
    startId: newId(),
    flow: "orders",
    revision: 1,
    core: 1,
    keyId: "key-1",
    status: "Running",
    startedAt: 1_700_000_000_000,
    deadline: 1_700_000_900_000,
    ...overrides,
  };
}

export function flow(overrides: Partial<FlowItem> = {}): FlowItem {
  return {
    flowId: newId(),
    name: `orders-${newId()}`,
    revision: 1,
    mode: "Standard",
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    ...overrides,
  };
}

/** `count` calls at the same time. */
export function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}
