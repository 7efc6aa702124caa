/** `task`: calls a function, a queue, a topic or a flow (fdl.md §3.1, §12). */
import { MAX_SECONDS } from "../limits.ts";
import { quote } from "../problem.ts";
import { entryOf, isEmpty, type MapNode, scalarOf } from "../source.ts";
import { errorHandling, errorHandlingOf, judgeErrorHandling } from "./error-handling.ts";
import { action, resource } from "./expression.ts";
import { type Place, reportError } from "./kind.ts";
import { requiredKeys } from "./record.ts";
import { number, oneOf } from "./scalar.ts";
import { calledOf, serviceParams, tables } from "./service-params.ts";
import { commonOf, end, stepFields, stepType } from "./step-type.ts";

const seconds = number({ min: 1, max: MAX_SECONDS, whole: true, unit: "seconds" });

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
    kind: serviceParams,
    about: "Parameters of the call: constants, or $ and $.key of the step's mapped input.",
  },
  ...errorHandling,
  end,
};

export const task = stepType("task", { fields, either: ["resourceArn", "action"], judge }, (values) => {
  const { resourceArn, action, pattern = "requestResponse", onLost = "retry", end = false } = values;
  const { timeoutSeconds, heartbeatSeconds, serviceParams } = values;
  const called = resourceArn ?? action;
  if (called === undefined) return undefined;
  return {
    type: "task",
    ...commonOf(values),
    resourceArn: called.text,
    resource: called.value,
    action: resourceArn === undefined,
    pattern,
    onLost,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    ...(serviceParams && { serviceParams }),
    ...errorHandlingOf(values),
    end,
  };
});

function judge(node: MapNode, place: Place): void {
  judgeErrorHandling(node, place);
  judgePattern(node, place);
  const called = calledOf(node, place);
  const needed = called === undefined ? undefined : requiredKeys(tables[called])[0];
  const given = entryOf(node, "serviceParams");
  if (needed !== undefined && (given === undefined || isEmpty(given.value))) {
    reportError(place, node.at, `The task needs "serviceParams" with ${quote(needed)}.`);
  }
}

/** What can be called, and when it is to be reported alive, goes with some patterns only (fdl.md §3.1.3 to §3.1.5, §12). */
function judgePattern(node: MapNode, place: Place): void {
  const pattern = entryOf(node, "pattern");
  const word = pattern === undefined ? "requestResponse" : scalarOf(pattern.value);
  const called = calledOf(node, place);
  if (pattern !== undefined && word === "sync" && (called === "queue" || called === "topic")) {
    const right = 'use "waitForCallback" or "requestResponse"';
    const message = `A ${called} does not tell when its message is dealt with, as "sync" needs it: ${right}.`;
    reportError(place, pattern.value.at, message);
  }
  const heartbeat = entryOf(node, "heartbeatSeconds");
  if (heartbeat !== undefined && (word === "requestResponse" || word === "sync")) {
    reportError(place, heartbeat.at, '"heartbeatSeconds" goes only with "pattern: waitForCallback".');
  }
}
