/**
 * Keys of the two indexes: `executions`, of a flow's executions and of all flows, and `running`. A partition of an index
 * takes 1,000 writes a second, so executions are spread over shards by start id. Within a shard the sort key is a place in
 * time that no two have: a list can be cut anywhere and merged with other shards.
 */
import { keyText, shardOf } from "./keys.ts";

const SHARDS = 8;

/** As serverless.yml names them. */
export const EXECUTIONS = { name: "executions", pk: "listShard", sk: "startedAt" } as const;
export const RUNNING = { name: "running", pk: "runningShard", sk: "startedAt" } as const;

/** Where flows stand in `executions`; a shard of executions has a `#` in its name. */
export const FLOWS_SHARD = "flows";

export function executionsShard(flowId: string, startId: string): string {
  return shardName(flowId, shardOf(startId, SHARDS));
}

/** All shards of a flow's executions. */
export function executionsShards(flowId: string): readonly string[] {
  return Array.from({ length: SHARDS }, (_, shard) => shardName(flowId, shard));
}

export function runningShard(startId: string): string {
  return String(shardOf(startId, SHARDS));
}

/** All shards of running executions. */
export const RUNNING_SHARDS: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => String(shard));

function shardName(flowId: string, shard: number): string {
  return `${keyText(flowId)}#${shard}`;
}

const TIME_DIGITS = 15;
const LAST_TIME = 10 ** TIME_DIGITS - 1;
const PLACE = /^\d{15}#.{0,900}$/su;

/** The place of something with a unique id at a time, ms. */
export function placeInTime(time: number, id: string): string {
  return `${timeText(time)}#${keyText(id)}`;
}

export function timeOf(place: string): number {
  return Number(place.slice(0, TIME_DIGITS));
}

/** Whether a text may be a place: anything else was not written by us. */
export function isPlace(text: string): boolean {
  return PLACE.test(text) && text.isWellFormed();
}

/** Bounds of the places of a span of time, both ends inclusive, ms; `before` is a place that is itself left out. Undefined: no place is in it. */
export function placesBetween(
  from = 0,
  to = LAST_TIME,
  before?: string,
): readonly [from: string, to: string] | undefined {
  if (!(from <= LAST_TIME && to >= 0)) return undefined;
  const first = timeText(from);
  // `~` comes after `#`, with which ids begin.
  const last = `${timeText(Math.floor(to))}~`;
  const end = before !== undefined && before < last ? before : last;
  return first <= end ? [first, end] : undefined;
}

function timeText(time: number): string {
  return String(Math.ceil(Math.min(Math.max(time, 0), LAST_TIME))).padStart(TIME_DIGITS, "0");
}
