/** Finds the execution that a user means: `flow/name`, a start id, or a name that only one flow has. */
import { nearest } from "../../fdl/spelling.ts";
import type { FlowItem, Header } from "../../runtime/ports/journal.ts";
import { printable } from "../run/screen.ts";
import { UsageError } from "../usage.ts";
import type { ExecutionSource } from "./source.ts";

/** So many are looked through for what may have been meant, and so many told. */
const CONSIDERED = 200;
const TOLD = 5;

/** Its header. Throws UsageError that says what there is when there is no such execution, or more than one. */
export async function findExecution(source: ExecutionSource, wanted: string): Promise<Header> {
  const slash = wanted.indexOf("/");
  if (slash >= 0) return findIn(source, wanted.slice(0, slash), wanted.slice(slash + 1));
  const started = await source.byStartId(wanted);
  if (started !== undefined) return started;
  const flows = await flowsOf(source);
  const named = await Promise.all(flows.map(({ flowId }) => source.journal.readHeader({ flowId, name: wanted })));
  const found = named.filter((header) => header !== undefined).sort((a, b) => (a.flow < b.flow ? -1 : 1));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    throw new UsageError(`${quoted(wanted)} is an execution of ${others.length + 1} flows; name one:${list(found)}`);
  }
  const flow = flows.find(({ name }) => name === wanted);
  if (flow !== undefined) {
    throw new UsageError(`${quoted(wanted)} is a flow; name one of its executions.${await newestOf(source, [flow])}`);
  }
  throw new UsageError(`there is no execution ${quoted(wanted)}.${await whatThereIs(source, flows, wanted)}`);
}

async function findIn(source: ExecutionSource, flowName: string, name: string): Promise<Header> {
  const flow = await source.journal.readFlow(flowName);
  if (flow === undefined) {
    const flows = await flowsOf(source);
    const names = flows.map((one) => one.name);
    throw new UsageError(`there is no flow ${quoted(flowName)}.${meant(nearest(flowName, names))}${flowList(names)}`);
  }
  const header = await source.journal.readHeader({ flowId: flow.flowId, name });
  if (header !== undefined) return header;
  const what = name === "" ? "name an execution" : `there is no execution ${quoted(name)}`;
  throw new UsageError(`${what} of flow ${quoted(flowName)}.${await whatThereIs(source, [flow], name)}`);
}

async function flowsOf({ journal }: ExecutionSource): Promise<readonly FlowItem[]> {
  const flows: FlowItem[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await journal.listFlows(cursor);
    flows.push(...page.items);
    if (page.cursor === undefined) return flows;
    cursor = page.cursor;
  }
}

/** What may have been meant, else the newest executions. */
async function whatThereIs(source: ExecutionSource, flows: readonly FlowItem[], wanted: string): Promise<string> {
  const begins = wanted === "" ? [] : await newest(source, flows, TOLD + 1, wanted);
  if (begins.length > 0 && begins.length <= TOLD) return ` Did you mean:${list(begins)}`;
  const known = await newest(source, flows, CONSIDERED);
  const close = nearest(wanted, [...known.map(({ ref }) => ref.name), ...flows.map(({ name }) => name)]);
  return `${meant(close)}${await newestOf(source, flows)}`;
}

async function newestOf(source: ExecutionSource, flows: readonly FlowItem[]): Promise<string> {
  if (flows.length === 0) return " No flow was ever run here.";
  const headers = await newest(source, flows, TOLD);
  return headers.length === 0 ? " None was ever started." : ` The newest are:${list(headers)}`;
}

async function newest(
  { journal }: ExecutionSource,
  flows: readonly FlowItem[],
  limit: number,
  namePrefix = "",
): Promise<readonly Header[]> {
  const pages = await Promise.all(flows.map(({ flowId }) => journal.listExecutions(flowId, { limit, namePrefix })));
  return pages
    .flatMap(({ items }) => items)
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, limit);
}

function meant(name: string | undefined): string {
  return name === undefined ? "" : ` Did you mean ${quoted(name)}?`;
}

function flowList(names: readonly string[]): string {
  if (names.length === 0) return " No flow was ever run here.";
  const told = names.slice(0, CONSIDERED / 10).map(quoted);
  return ` There ${names.length === 1 ? "is" : "are"} ${told.join(", ")}${names.length > told.length ? ", …" : ""}.`;
}

function list(headers: readonly Header[]): string {
  return headers
    .map(({ flow, ref, status, startedAt }) =>
      printable(`${flow}/${ref.name}  ${status}, started ${new Date(startedAt).toISOString()}`),
    )
    .map((line) => `\n  ${line}`)
    .join("");
}

function quoted(name: string): string {
  return `"${printable(name)}"`;
}
