/** What is run under fire: the executions of the chaos runs, and some that only a deployment has or that are longer. */
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse, stringify } from "yaml";
import { answerTo, FLOWS as CHAOS_FLOWS, workOf as chaosWork, type Work } from "../../chaos/work.ts";

type Kind = (n: number) => Omit<Work, "flow" | "name">;

/** By flow (flows/*.yml). */
const KINDS: { readonly [flow: string]: Kind } = {
  long: (n) => ({ input: { n }, output: { sum: n + 21 }, status: "Succeeded" }),
  courier: (n) => ({ input: { n }, output: { answer: answerTo(n), sum: answerTo(n) + 1 }, status: "Succeeded" }),
  halt: (n) => ({ input: { n }, status: "Stopped" }),
};

/** All kinds. */
export const MIXED: readonly string[] = [...CHAOS_FLOWS, ...Object.keys(KINDS)];

/** Those whose executions are chains of tasks and nothing else. */
export const CHAINS: readonly string[] = ["long"];

/** Execution number `n`, of the flows in turn. */
export function workOf(n: number, flows: readonly string[]): Work {
  const flow = flows[n % flows.length] ?? "";
  const kind = KINDS[flow];
  return kind === undefined ? chaosWork(n, flow) : { flow, name: `${flow}-${n}`, ...kind(n) };
}

const FOLDERS = [join(import.meta.dirname, "../../chaos/flows"), join(import.meta.dirname, "flows")];

/** Definitions by name. Tasks are tried again when it was not their function that failed; `queue` is where callbacks ask. */
export async function definitions(queue: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const file of await readdir(folder)) {
      const text = (await readFile(join(folder, file), "utf8")).replace("QUEUE", queue);
      found.set(basename(file, ".yml"), stringify(patient(parse(text))));
    }
  }
  return found;
}

/**
 * What a call may come to without its function's doing (fdl.md §6.2): it was throttled, the service failed, or nobody knows. A
 * function that ran unheard runs again as another attempt, under another id.
 */
const NOT_THEIRS = {
  errors: ["FC.ResourceThrottled", "FC.InternalServerError", "FC.Unknown", "FnF.TaskTimeout"],
  intervalSeconds: 1,
  multiplier: 1,
  maxAttempts: 30,
};
/** SQS says it in many words. */
const NOT_SENT = { ...NOT_THEIRS, errors: ["FnF.ALL"] };

/** A definition, or a part of one, with its tasks tried again. */
function patient(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(patient);
  if (typeof part !== "object" || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, patient(value)]));
  const resource = typeof inner.resourceArn === "string" ? inner.resourceArn : "";
  const policy = resource.startsWith("acs:fc:") ? NOT_THEIRS : resource.startsWith("acs:mns:") ? NOT_SENT : undefined;
  if (policy === undefined) return inner;
  return { ...inner, retry: [...(Array.isArray(inner.retry) ? inner.retry : []), policy] };
}
