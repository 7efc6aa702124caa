/**
 * Whoever finishes the task, given the token in the output of its TaskSubmitted event:
 *
 *     npx node flows/callback/worker.ts TOKEN
 *     npx node flows/callback/worker.ts FLOW EXECUTION     reads the token from the execution's history
 *
 * STEPWELL_ENDPOINT: the API, http://127.0.0.1:8787 when not set. Requests to a deployment's function URL are signed.
 */
import { call, reasonOf, reportSucceeded } from "./report.ts";
import { senderFor } from "./sender.ts";

export interface Report {
  readonly taskToken: string;
  readonly output: { readonly status: string };
}

/** What to report for a submitted task. */
export function finish({ taskToken }: { readonly taskToken: string }): Report {
  return { taskToken, output: { status: "ok" } };
}

interface Event {
  readonly EventId: number;
  readonly Type: string;
  readonly EventDetail: string;
}

/** The token of the task that was submitted last; undefined: none was. */
export function tokenOf(events: readonly Event[]): string | undefined {
  const submitted = events.findLast(({ Type }) => Type === "TaskSubmitted");
  if (submitted === undefined) return undefined;
  const { output }: { readonly output: { readonly taskToken: string } } = JSON.parse(submitted.EventDetail);
  return output.taskToken;
}

/** All events of an execution. */
async function history(endpoint: string, flow: string, execution: string): Promise<readonly Event[]> {
  const events: Event[] = [];
  let next: string | undefined = "1";
  while (next !== undefined) {
    const page = { FlowName: flow, ExecutionName: execution, Limit: "999", NextToken: next };
    const answer = (await call(endpoint, "GetExecutionHistory", page, senderFor(endpoint))) as {
      Events: Event[];
      NextToken?: string;
    };
    events.push(...answer.Events);
    next = answer.NextToken;
  }
  return events;
}

async function main(args: readonly string[]): Promise<number> {
  const endpoint = process.env.STEPWELL_ENDPOINT ?? "http://127.0.0.1:8787";
  const [first, execution, ...others] = args;
  if (first === undefined || others.length > 0) {
    console.error(
      "usage: npx node flows/callback/worker.ts TOKEN\n       npx node flows/callback/worker.ts FLOW EXECUTION",
    );
    return 2;
  }
  try {
    const taskToken = execution === undefined ? first : tokenOf(await history(endpoint, first, execution));
    if (taskToken === undefined) {
      console.error(`${first}/${execution} has no task that waits for a report.`);
      return 1;
    }
    console.log(`task token ${taskToken}`);
    const how = await reportSucceeded(endpoint, finish({ taskToken }), senderFor(endpoint));
    console.log(how === "reported" ? "Report task succeeded finished" : "Task already completed");
    return 0;
  } catch (error) {
    console.error(`${endpoint}: ${reasonOf(error)}`);
    return 1;
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
