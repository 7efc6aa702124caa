/** The action that shows what happened in an execution (fdl.md §7.2). */
import { action } from "./action.ts";
import { requireExecution } from "./executions.ts";
import { executionName, flowName, integer } from "./kinds.ts";
import { optional, required } from "./parameter.ts";

/** Ascending; `NextToken` is the number of the event that the next page begins with. */
const GetExecutionHistory = action(
  {
    FlowName: required(flowName),
    ExecutionName: required(executionName),
    NextToken: optional(integer(1, 1e15 - 1), 1),
    Limit: optional(integer(1, 1_000), 60),
  },
  async (context, { FlowName, ExecutionName, NextToken, Limit }) => {
    const { header, mode } = await requireExecution(context, FlowName, ExecutionName);
    const request = { header, express: mode === "Express", from: NextToken, limit: Limit };
    const { events, next } = await context.histories.page(request);
    return { Events: events, ...(next === undefined ? {} : { NextToken: String(next) }) };
  },
);

export const historyActions = { GetExecutionHistory };
