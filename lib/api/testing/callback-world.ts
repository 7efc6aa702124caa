/** A world in which task `approve` of `e1` waits for a callback, and its requests as programs and browsers send them. */
import type { ApiRequest, ApiResponse } from "../index.ts";
import { type ApiWorldOptions, apiWorld } from "./world.ts";

const callback = (more = "") =>
  `{version: v1, type: flow, steps: [{type: task, name: approve, resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}${more}}]}`;

const flows = {
  plain: callback(),
  beating: callback(", timeoutSeconds: 600, heartbeatSeconds: 10"),
  short: callback(", timeoutSeconds: 10"),
};

/** What a browser says that it takes. */
export const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

export const FORM = { "content-type": "application/x-www-form-urlencoded" };

export async function callbackWorld(flow: keyof typeof flows = "plain", options: ApiWorldOptions = {}) {
  const world = await apiWorld({ flows, ...options });
  await world.call("StartExecution", { FlowName: flow, ExecutionName: "e1" });
  await world.now();
  const { token }: { token: string } = JSON.parse(world.destinations.sent[0]?.call.message.body ?? "{}");

  /** The answer as it is sent. */
  function respond(request: Partial<ApiRequest>): Promise<ApiResponse> {
    return world.clock.runUntil(world.handle({ method: "GET", target: "/", headers: {}, body: "", ...request }));
  }

  return {
    ...world,
    token,
    respond,
    /** POST of JSON, or of none. */
    post: (verb: string, body = "", path = `/callbacks/${token}`) =>
      world.send({ method: "POST", target: `${path}/${verb}`, body }),
    /** What a browser sends. */
    browse: (target: string, request: Partial<ApiRequest> = {}) =>
      respond({ target, ...request, headers: { accept: BROWSER, ...request.headers } }),
    describe: async (WaitTimeSeconds = 0) =>
      (await world.call("DescribeExecution", { FlowName: flow, ExecutionName: "e1", WaitTimeSeconds })).body,
    stop: () => world.call("StopExecution", { FlowName: flow, ExecutionName: "e1" }),
    events: async () => (await world.call("GetExecutionHistory", { FlowName: flow, ExecutionName: "e1" })).body.Events,
  };
}
