/** The calls on flows. */
import { type Caller, type CallOptions, call } from "./call.ts";
import { isEcho } from "./executions.ts";
import { pages } from "./pages.ts";
import { readFlow } from "./records.ts";
import type { CreateFlowRequest, Flow, ListFlowsRequest, UpdateFlowRequest } from "./types.ts";

/** The API wants both; there is but one type, and descriptions are not kept. */
const FIXED = { Type: "FDL", Description: "" };

/** Creates a flow. Repeated safely: found as it was to be, after an answer was lost, it is returned. */
export async function createFlow(
  caller: Caller,
  { name, definition, mode = "Standard" }: CreateFlowRequest,
  options: CallOptions = {},
): Promise<Flow> {
  const params = { ...FIXED, Name: name, Definition: definition, ExecutionMode: mode };
  try {
    return readFlow(await call(caller, "CreateFlow", params, { ...options, repeatable: true }));
  } catch (error) {
    if (!isEcho(error, "FlowAlreadyExists")) throw error;
    const flow = await describeFlow(caller, name, options);
    if (flow.definition === definition && flow.mode === mode) return flow;
    throw error;
  }
}

/** Gives a flow another definition. Repeated safely: the same one again changes nothing. */
export async function updateFlow(
  caller: Caller,
  { name, definition }: UpdateFlowRequest,
  options: CallOptions = {},
): Promise<Flow> {
  const params = { Name: name, Definition: definition };
  return readFlow(await call(caller, "UpdateFlow", params, { ...options, repeatable: true }));
}

/** A flow by its name. Repeated safely. */
export async function describeFlow(caller: Caller, name: string, options: CallOptions = {}): Promise<Flow> {
  return readFlow(await call(caller, "DescribeFlow", { Name: name }, { ...options, repeatable: true }));
}

/**
 * Deletes a flow. Repeated: found gone after an answer was lost, it is deleted. (A flow that somebody creates under the
 * name just then would go as well.)
 */
export async function deleteFlow(caller: Caller, name: string, options: CallOptions = {}): Promise<void> {
  try {
    await call(caller, "DeleteFlow", { Name: name }, { ...options, repeatable: true });
  } catch (error) {
    if (!isEcho(error, "FlowNotExists")) throw error;
  }
}

/** All flows, by name. Repeated safely, page by page. */
export function listFlows(
  caller: Caller,
  { pageSize }: ListFlowsRequest = {},
  options: CallOptions = {},
): AsyncGenerator<Flow, void, undefined> {
  return pages(
    "Flows",
    (NextToken) => call(caller, "ListFlows", { Limit: pageSize, NextToken }, { ...options, repeatable: true }),
    readFlow,
  );
}
