/** `serviceParams` of a task: which there are depends on what the task calls (fdl.md §3.1.2 to §3.1.6, §12). */
import type { Param } from "../definition.ts";
import { isObject, type Json } from "../json.ts";
import { MAX_DELAY_SECONDS, MAX_PRIORITY, MIN_PRIORITY } from "../limits.ts";
import { FLOW_NAME, isFlowName } from "../name.ts";
import type { Resource } from "../resource.ts";
import { entryOf, jsonOf, type MapNode, scalarOf } from "../source.ts";
import { action, param, resource } from "./expression.ts";
import { type Kind, type Place, reportError } from "./kind.ts";
import { type Field, readFields, schemaOf, type Table } from "./record.ts";
import { number, oneOf, text, wrongType } from "./scalar.ts";

interface ParamFields {
  readonly [key: string]: Field<Param>;
}

const anyText = text();

const flowName: Kind<string> = {
  schema: { type: "string", pattern: FLOW_NAME.source },
  read: (node, place) => {
    const value = anyText.read(node, place);
    if (value === undefined || isFlowName(value)) return value;
    return reportError(
      place,
      node.at,
      `${place.label} must be 1 to 128 letters, digits, "_" or "-", the first a letter or "_".`,
    );
  },
};

/** Anything but null. */
const anything: Kind<Json> = { schema: { not: { type: "null" } }, read: jsonOf };

/** A map, or the JSON text of one. */
const object: Kind<Json> = {
  schema: { type: ["object", "string"] },
  read: (node, place) => {
    if (node.kind === "map") return jsonOf(node);
    const text = scalarOf(node);
    if (typeof text !== "string") return wrongType(node, place, "a map");
    if (isObject(parseJson(text))) return text;
    return reportError(place, node.at, `${place.label} must be a map, or the JSON text of an object.`);
  },
};

function parseJson(source: string): Json | undefined {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

const words = param(anyText);

const calls: Table<ParamFields> = {
  title: '"serviceParams" of a function',
  fields: {
    InvocationType: {
      kind: param(oneOf(["Sync", "Async"])),
      about: "Async: the function is only submitted; with pattern sync its end is awaited.",
    },
    StatefulAsyncInvocationID: { kind: words, about: "An id of the asynchronous invocation." },
  },
};

const start = {
  Input: { kind: param(object), about: "The input of the new execution; left out: the step's mapped input." },
  ExecutionName: { kind: param(flowName), about: "The name of the new execution; left out: a random one." },
} satisfies ParamFields;

const message = {
  MessageBody: {
    kind: param(anything),
    required: true,
    about: "The message; an object becomes JSON text. $ is the step's mapped input.",
  },
  MessageAttributes: { kind: param(object), about: "Attributes of the message, by name." },
  MessageGroupId: { kind: words, about: "The group of a message to a FIFO queue or topic." },
  MessageDeduplicationId: { kind: words, about: "What a FIFO queue or topic knows duplicates by." },
} satisfies ParamFields;

/** What a task calls, as far as its parameters depend on it; an action is no `flow`, although it starts one. */
type Called = Resource["kind"] | "action";

/** One table for each kind of resource; `action` is `fnf:StartExecution`. */
export const tables: { readonly [K in Called]: Table<ParamFields> } = {
  function: calls,
  fc: calls,
  flow: { title: '"serviceParams" of a sub-flow', fields: start },
  action: {
    title: '"serviceParams" of fnf:StartExecution',
    fields: { FlowName: { kind: param(flowName), required: true, about: "The flow to start." }, ...start },
    refused: { CallbackFnFTaskToken: "use pattern: sync to wait for the new execution." },
  },
  queue: {
    title: '"serviceParams" of a queue',
    fields: {
      ...message,
      DelaySeconds: {
        kind: param(number({ min: 0, max: MAX_DELAY_SECONDS, whole: true, unit: "seconds" })),
        about: "How long the message stays hidden.",
      },
      Priority: {
        kind: param(number({ min: MIN_PRIORITY, max: MAX_PRIORITY, whole: true })),
        about: "The message's priority, 1 the highest; a message attribute on SQS.",
      },
    },
  },
  topic: {
    title: '"serviceParams" of a topic',
    fields: {
      ...message,
      MessageTag: { kind: words, about: "A tag that subscriptions filter by." },
      Subject: { kind: words, about: "The subject of the notification." },
    },
  },
};

/** What the task calls; undefined when that is wrong, which is reported where it is read. */
export function calledOf(task: MapNode, place: Place): Called | undefined {
  const quiet = { ...place, run: { ...place.run, findings: [] } };
  const arn = entryOf(task, "resourceArn");
  if (arn !== undefined) return resource.read(arn.value, quiet)?.value.kind;
  const called = entryOf(task, "action");
  return called && action.read(called.value, quiet) && "action";
}

/** In a schema the tables are one, without required keys: an editor does not know the kind of a resource. */
const all = Object.values(tables).flatMap(({ fields }) =>
  Object.entries(fields).map(([key, { kind, about }]) => [key, { kind, about }]),
);

/** The parameters of a task, read with the table of what it calls. */
export const serviceParams: Kind<{ readonly [key: string]: Param }> = {
  schema: schemaOf({ title: "serviceParams", fields: Object.fromEntries(all) }),
  read: (node, place) => {
    if (node.kind !== "map") return wrongType(node, place, "a map of parameters");
    const called = place.around && calledOf(place.around, place);
    return called && readFields(tables[called], node, place);
  },
};
