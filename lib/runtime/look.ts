/**
 * The one read that goes with each append: is the execution still running, is its start id ours, has a fork above failed?
 * (architecture §3).
 */
import { ancestorForks } from "./branch.ts";
import type { Address } from "./message.ts";
import type { Header, JoinItem } from "./ports/journal.ts";
import type { Runtime } from "./runtime.ts";

export interface View {
  readonly header: Header | undefined;
  /** A fork above the branch has failed: the branch is dead. */
  readonly failed: boolean;
}

export async function look({ ports: { journal } }: Runtime, { ref, startId }: Address, branch: string): Promise<View> {
  const forks = ancestorForks(startId, branch);
  if (forks.length === 0) return { header: await journal.readHeader(ref), failed: false };
  const [header, joins] = await Promise.all([journal.readHeader(ref), journal.readJoins(forks)]);
  return { header, failed: joins.some((join: JoinItem | undefined) => join?.failure !== undefined) };
}

/** True when nothing may be begun any more for a branch: its execution has ended, is another one, or a fork above it failed. */
export async function isDead(runtime: Runtime, address: Address, branch: string): Promise<boolean> {
  const { header, failed } = await look(runtime, address, branch);
  return failed || header === undefined || header.startId !== address.startId || header.status !== "Running";
}
