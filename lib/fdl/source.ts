/**
 * A definition's text as a tree of values that know where they stand: what the YAML reader makes and the field tables
 * read. Offsets count UTF-16 units from 0; they become line and column only when a problem is shown.
 */
import { type Json, setOwn } from "./json.ts";

export type SourceNode = ScalarNode | ListNode | MapNode | HoleNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly at: number;
  readonly end: number;
  readonly style: "plain" | "single" | "double" | "block";
  readonly value: null | boolean | number | string;
}

export interface ListNode {
  readonly kind: "list";
  readonly at: number;
  readonly items: readonly SourceNode[];
}

export interface MapNode {
  readonly kind: "map";
  readonly at: number;
  /** Keys are unique. */
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  /** Where the key stands. */
  readonly at: number;
  readonly value: SourceNode;
}

/** A value whose error was reported already (a tag, a broken alias): whoever meets it stays silent. */
interface HoleNode {
  readonly kind: "hole";
  readonly at: number;
}

/** The entry of a key. */
export function entryOf(map: MapNode, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The value of a scalar. */
export function scalarOf(node: SourceNode | undefined): ScalarNode["value"] | undefined {
  return node?.kind === "scalar" ? node.value : undefined;
}

/** True where there is no value, or null is written. */
export function isEmpty(node: SourceNode): boolean {
  return scalarOf(node) === null;
}

/** The value as JSON; undefined when there is a hole in it. */
export function jsonOf(node: SourceNode): Json | undefined {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return listJson(node);
  return node.kind === "map" ? mapJson(node) : undefined;
}

function listJson(node: ListNode): Json | undefined {
  const items: Json[] = [];
  for (const item of node.items) {
    const json = jsonOf(item);
    if (json === undefined) return undefined;
    items.push(json);
  }
  return items;
}

function mapJson(node: MapNode): Json | undefined {
  const object: Record<string, Json> = {};
  for (const { key, value } of node.entries) {
    const json = jsonOf(value);
    if (json === undefined) return undefined;
    setOwn(object, key, json);
  }
  return object;
}
