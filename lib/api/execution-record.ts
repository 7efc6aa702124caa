/** Executions as the API shows them (fdl.md §7.1). Input, output and definition are texts, never nested values. */
import type { Runtime } from "../runtime/index.ts";
import type { Header, Packed } from "../runtime/ports/journal.ts";
import { timeText } from "./answer.ts";

export interface ExecutionRecord {
  readonly FlowName: string;
  readonly Name: string;
  /** Of the revision that it started with. */
  readonly FlowDefinition: string;
  readonly Input: string;
  readonly Output: string;
  readonly Status: string;
  readonly StartedTime: string;
  readonly StoppedTime: string;
  readonly [name: string]: unknown;
  readonly Code?: never;
}

/** The record of an execution. Only one that succeeded has an output: a stopped one may have got as far as to store one. */
export async function executionRecord(runtime: Runtime, header: Header): Promise<ExecutionRecord> {
  const { ref, startId, revision, status } = header;
  const data = await runtime.ports.journal.readData(ref, startId);
  return {
    ...bareRecord(header),
    FlowDefinition: await runtime.definitions.text(ref.flowId, revision),
    Input: await jsonText(runtime, data.input),
    Output: status === "Succeeded" ? await jsonText(runtime, data.output) : "",
  };
}

/** The record without the texts that have to be read for it (`MetadataOnly`). */
export function bareRecord({ flow, ref, status, startedAt, endedAt }: Header): ExecutionRecord {
  return {
    FlowName: flow,
    Name: ref.name,
    FlowDefinition: "",
    Input: "",
    Output: "",
    Status: status,
    StartedTime: timeText(startedAt),
    StoppedTime: timeText(endedAt),
  };
}

/** JSON text of a stored value. */
function jsonText({ claims }: Runtime, packed: Packed | undefined): string | Promise<string> {
  return packed === undefined ? "" : claims.json(packed);
}
