/** `task`: calls a function, a queue, a topic or a flow (fdl.md §3.1, §12). */
import type { TaskStep } from "../definition.ts";
import { MAX_SECONDS } from "../limits.ts";
import { quote } from "../problem.ts";
import type { Resource } from "../resource.ts";
import { entryOf, isEmpty, type MapNode } from "../source.ts";
import { errorHandling, errorHandlingOf } from "./error-handling.ts";
import { action, resource } from "./expression.ts";
import { type Kind, type Place, reportError } from "./kind.ts";
import { readFields, requiredKeys, type Values } from "./record.ts";
import { number, oneOf, wrongType } from "./scalar.ts";
import { serviceParams, serviceParamsSchema } from "./service-params.ts";
import { commonOf, end, stepFields, stepType } from "./step-type.ts";

const seconds = number({ min: 1, max: MAX_SECONDS, whole: true, unit: "seconds" });

/** Read with the table of what the task calls, once that is known. */
const anyParams: Kind<MapNode> = {
  schema: serviceParamsSchema,
  read: (node, place) => (node.kind === "map" ? node : wrongType(node, place, "a map of parameters")),
};

const fields = {
  ...stepFields("task"),
  resourceArn: {
    kind: resource,
    about: "What to call: a function, a queue, a topic or a flow, by its acs: or arn: name.",
  },
  action: { kind: action, about: "The API to call instead of a resource; only fnf:StartExecution." },
  pattern: {
    kind: oneOf(["requestResponse", "sync", "waitForCallback"]),
    about:
      "When the task is done: when the call has answered (default), when what it started has ended, or when its token is reported.",
  },
  timeoutSeconds: { kind: seconds, about: "The longest that one attempt may take; then FnF.TaskTimeout is raised." },
  heartbeatSeconds: { kind: seconds, about: "How often a task that waits for its callback must be reported alive." },
  onLost: {
    kind: oneOf(["retry", "fail"]),
    about: "When a crash leaves it unknown whether an attempt was made: run it again (default), or raise FnF.TaskLost.",
  },
  serviceParams: {
    kind: anyParams,
    about: "Parameters of the call: constants, or $ and $.key of the step's mapped input.",
  },
  ...errorHandling,
  end,
};

export const task = stepType(
  "task",
  { fields, either: ["resourceArn", "action"] },
  (values, node, place): TaskStep | undefined => {
    const common = commonOf(values);
    const handling = errorHandlingOf(values, node, place);
    judgeHeartbeat(values, node, place);
    const called = values.resourceArn ?? values.action;
    if (called === undefined) return undefined;
    const params = readParams(called.value, values, node, place);
    judgePattern(called.value, values, node, place);
    if (common === undefined) return undefined;
    const { pattern = "requestResponse", onLost = "retry", timeoutSeconds, heartbeatSeconds } = values;
    return {
      type: "task",
      ...common,
      resourceArn: called.text,
      resource: called.value,
      action: values.resourceArn === undefined,
      pattern,
      onLost,
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
      ...(params && { serviceParams: params }),
      ...handling,
      end: values.end ?? false,
    };
  },
);

type TaskValues = Values<typeof fields>;

/** The parameters by the table of the resource's kind. */
function readParams(resource: Resource, values: TaskValues, node: MapNode, place: Place): TaskStep["serviceParams"] {
  const table = serviceParams[values.resourceArn === undefined ? "action" : resource.kind];
  if (values.serviceParams !== undefined) return readFields(table, values.serviceParams, place);
  const [missing] = requiredKeys(table);
  const given = entryOf(node, "serviceParams");
  if (missing !== undefined && (given === undefined || isEmpty(given.value))) {
    reportError(place, node.at, `The task needs "serviceParams" with ${quote(missing)}.`);
  }
  return undefined;
}

/** Not everything that can be called tells of its end (fdl.md §3.1.5). */
function judgePattern({ kind }: Resource, values: TaskValues, node: MapNode, place: Place): void {
  const pattern = entryOf(node, "pattern");
  if (pattern === undefined || values.pattern !== "sync" || (kind !== "queue" && kind !== "topic")) return;
  reportError(
    place,
    pattern.value.at,
    `A ${kind} does not tell when its message is dealt with, as "sync" needs it: use "waitForCallback" or "requestResponse".`,
  );
}

/** A heartbeat is reported with the token of a callback (fdl.md §12). */
function judgeHeartbeat(values: TaskValues, node: MapNode, place: Place): void {
  const heartbeat = entryOf(node, "heartbeatSeconds");
  const isUnknown = values.pattern === undefined && entryOf(node, "pattern") !== undefined;
  if (heartbeat === undefined || values.pattern === "waitForCallback" || isUnknown) return;
  reportError(place, heartbeat.at, '"heartbeatSeconds" goes only with "pattern: waitForCallback".');
}
