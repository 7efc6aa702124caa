/** The table of actions. */
import { StepwellError } from "../fdl/errors.ts";
import type { Action } from "./action.ts";
import { quoted } from "./errors.ts";
import { executionActions } from "./executions.ts";
import { flowActions } from "./flows.ts";
import { historyActions } from "./history.ts";
import { reportActions } from "./reports.ts";

const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({ ...executionActions, ...historyActions, ...reportActions, ...flowActions }),
);

/** Actions of the API that Stepwell does not have. */
const ABSENT: ReadonlySet<string> = new Set([
  "CreateSchedule",
  "UpdateSchedule",
  "DescribeSchedule",
  "DeleteSchedule",
  "ListSchedules",
  "PublishFlowVersion",
  "DeleteFlowVersion",
  "ListFlowVersions",
  "CreateFlowAlias",
  "UpdateFlowAlias",
  "DescribeFlowAlias",
  "DeleteFlowAlias",
  "ListFlowAliases",
  "DescribeMapRun",
  "UpdateMapRun",
  "DescribeRegions",
]);

/** The action of that name. Throws StepwellError `ActionNotSupported`. */
export function requireAction(name: string): Action {
  const action = ACTIONS.get(name);
  if (action !== undefined) return action;
  const message = ABSENT.has(name)
    ? `Action ${name} is not supported by this version of Stepwell.`
    : `There is no action ${quoted(name)}; there are: ${[...ACTIONS.keys()].join(", ")}.`;
  throw new StepwellError("ActionNotSupported", message);
}
