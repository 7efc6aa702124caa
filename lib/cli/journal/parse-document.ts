/** Reads an exported execution: from a text that anybody may have changed to a document whose fields are what they should be. */
import type { Event, Verdict } from "../../engine/index.ts";
import { isObject, type Json, type JsonObject, own } from "../../fdl/json.ts";
import { UsageError } from "../usage.ts";
import { type ExecutionDocument, FORMAT } from "./document.ts";
import { checksumOf } from "./document-text.ts";
import { putBack } from "./large-values.ts";

export interface ReadDocument {
  readonly document: ExecutionDocument;
  /** It is as it was written. */
  readonly intact: boolean;
}

/** `from` names the text in messages. Throws UsageError for a text that is no export, or one that this version cannot read. */
export function parseDocument(text: string, from: string): ReadDocument {
  const value = parse(text, from);
  if (!isObject(value) || own(value, "stepwell") !== "execution") {
    throw new UsageError(`${from} is no exported execution: write one with "stepwell journal export".`);
  }
  if (own(value, "format") !== FORMAT) {
    const format = JSON.stringify(own(value, "format"));
    throw new UsageError(
      `${from} has format ${format}; this version of Stepwell reads format ${FORMAT}. Use the version that wrote it, or export the execution again.`,
    );
  }
  const { sha256, ...fields } = value;
  const damaged = (what: string) => new UsageError(`${from} is damaged: ${what}. Export the execution again.`);
  const large = check(fields, LARGE, "");
  if (large !== undefined) throw damaged(large);
  // The parse boundary: `check` sees every field that is used below but the inside of users' values.
  const document = fields as unknown as ExecutionDocument;
  const intact = sha256 === checksumOf(document);
  if (!putBack(document)) throw damaged("it lacks a large value or its place");
  const problem = check(fields, DOCUMENT, "");
  if (problem !== undefined) throw damaged(problem);
  return { document, intact };
}

function parse(text: string, from: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    const what = text.trim() === "" ? "it is empty" : "it is not valid JSON (is it complete?)";
    throw new UsageError(`cannot read ${from}: ${what}`);
  }
}

/** What a field must be: a word for a plain kind, an object of fields (a key with `?` may be absent), a list of one kind, one of several by its `kind`. */
type Shape = "text" | "number" | "any" | "flag" | "object" | readonly [Shape] | Fields | Kinds;
type Fields = { readonly [field: string]: Shape };
type Kinds = ReadonlyMap<string, Fields>;

const PLACE = { branch: "text", seq: "number" } as const;
const AT = { at: "number" } as const;
const FAILURE = { error: "text", cause: "text" } as const;

const VERDICT: Kinds = new Map<Verdict["kind"], Fields>([
  ["succeeded", {}],
  ["failed", FAILURE],
  ["timedOut", {}],
]);

const EVENT: Kinds = new Map<Event["kind"], Fields>([
  ["started", { ...AT, input: "object" }],
  ["branchStarted", AT],
  ["taskSucceeded", AT],
  ["taskFailed", { ...AT, ...FAILURE }],
  ["submitted", AT],
  ["reported", { ...AT, verdict: VERDICT }],
  ["elapsed", AT],
  ["joined", { ...AT, events: "number", last: "number" }],
  ["branchFailed", { ...AT, ...FAILURE, index: "number" }],
  ["continued", AT],
]);

const DOCUMENT: Shape = {
  exportedAt: "number",
  header: {
    ref: { flowId: "text", name: "text" },
    startId: "text",
    flow: "text",
    revision: "number",
    core: "number",
    keyId: "text",
    status: "text",
    startedAt: "number",
    deadline: "number",
    "parentToken?": "text",
    "endedAt?": "number",
    "error?": "text",
    "cause?": "text",
  },
  definition: "text",
  entries: [
    {
      ...PLACE,
      event: EVENT,
      at: "number",
      anchor: "number",
      writer: "text",
      "lease?": { owner: "text", until: "number" },
      "snapshot?": "object",
      "due?": "number",
      events: "number",
      effect: "text",
      "settled?": "flag",
      "child?": { flow: "text", name: "text" },
    },
  ],
  verdicts: [{ ...PLACE, "outcome?": VERDICT, "at?": "number", "due?": "number" }],
  joins: [
    {
      ...PLACE,
      done: ["number"],
      "failure?": { ...AT, ...FAILURE, index: "number" },
    },
  ],
  outputs: [
    { ...PLACE, index: "number", chunk: "number", locals: ["any"], "last?": { at: "number", events: "number" } },
  ],
  traces: [{ ...PLACE, at: "number", delivery: "text", kind: "text", "receiveCount?": "number" }],
};

const LARGE: Shape = { values: "object", places: [["any"]] };

/** What is wrong with the value, as `entries[3].seq is no whole number`. */
function check(value: Json | undefined, shape: Shape, path: string): string | undefined {
  switch (shape) {
    case "any":
      return undefined;
    case "text":
      return typeof value === "string" ? undefined : `${path} is no text`;
    case "number":
      return typeof value === "number" ? undefined : `${path} is no number`;
    case "flag":
      return typeof value === "boolean" ? undefined : `${path} is neither true nor false`;
    case "object":
      return isObject(value) ? undefined : `${path} is no object`;
    default:
      if (shape instanceof Map) return checkKind(value, shape, path);
      return Array.isArray(shape) ? checkList(value, shape[0], path) : checkFields(value, shape as Fields, path);
  }
}

function checkKind(value: Json | undefined, kinds: Kinds, path: string): string | undefined {
  const kind = isObject(value) ? own(value, "kind") : undefined;
  const fields = typeof kind === "string" ? kinds.get(kind) : undefined;
  return fields === undefined ? `${path} is of no known kind` : checkFields(value, fields, path);
}

function checkList(value: Json | undefined, item: Shape, path: string): string | undefined {
  if (!Array.isArray(value)) return `${path} is no list`;
  for (const [index, one] of value.entries()) {
    const problem = check(one, item, `${path}[${index}]`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkFields(value: Json | undefined, fields: Fields, path: string): string | undefined {
  if (!isObject(value)) return `${path === "" ? "it" : path} is no object`;
  for (const [key, shape] of Object.entries(fields)) {
    const name = key.replace("?", "");
    const field = own(value as JsonObject, name);
    if (field === undefined && key !== name) continue;
    const problem = check(field, shape, path === "" ? name : `${path}.${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
