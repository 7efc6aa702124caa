/** Flows by name and definitions by revision. Revisions are immutable, so each is read and parsed once a worker. */
import type { Flow } from "../fdl/definition.ts";
import { StepwellError } from "../fdl/errors.ts";
import { formatProblem, parseFlow } from "../fdl/parse.ts";
import type { Ports } from "./ports/index.ts";
import type { FlowItem, Journal } from "./ports/journal.ts";

/** How many parsed definitions a worker keeps, oldest out first. */
const CACHED = 1_000;

export interface Definitions {
  /** The definition of a revision. Throws StepwellError `FlowNotExists` when it is gone. */
  load(flowId: string, revision: number): Flow | Promise<Flow>;
  /** Its text. Throws as `load` does. */
  text(flowId: string, revision: number): string | Promise<string>;
}

interface Definition {
  readonly flow: Flow;
  readonly text: string;
}

export function definitions(journal: Journal): Definitions {
  const cache = new Map<string, Definition>();

  async function read(flowId: string, revision: number, key: string): Promise<Definition> {
    const text = await journal.readRevision(flowId, revision);
    if (text === undefined)
      throw new StepwellError("FlowNotExists", `Revision ${revision} of flow ${flowId} does not exist.`);
    const definition = { flow: parseDefinition(text), text };
    const oldest = cache.size >= CACHED ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(key, definition);
    return definition;
  }

  function part<K extends keyof Definition>(flowId: string, revision: number, name: K) {
    const key = `${flowId}#${revision}`;
    const known = cache.get(key);
    return known === undefined ? read(flowId, revision, key).then((definition) => definition[name]) : known[name];
  }

  return {
    load: (flowId, revision) => part(flowId, revision, "flow"),
    text: (flowId, revision) => part(flowId, revision, "text"),
  };
}

/** Parses a definition; throws StepwellError `InvalidArgument` that lists every error in it. */
export function parseDefinition(text: string): Flow {
  const { flow, problems } = parseFlow(text);
  if (flow) return flow;
  const errors = problems
    .filter((problem) => problem.severity === "error")
    .map((problem) => formatProblem(problem, "definition"));
  throw new StepwellError("InvalidArgument", errors.join("\n"));
}

export interface NewFlow {
  readonly name: string;
  readonly definition: string;
  readonly mode?: FlowItem["mode"];
}

/** Creates a flow, or a new revision of the one that has the name; running executions keep theirs. The same definition again changes nothing. */
export async function deployFlow(
  { journal, clock, ids }: Ports,
  { name, definition, mode = "Standard" }: NewFlow,
): Promise<FlowItem> {
  parseDefinition(definition);
  for (;;) {
    const now = clock.now();
    const existing = await journal.readFlow(name);
    if (!existing) {
      const flow: FlowItem = { flowId: ids.next(), name, revision: 1, mode, createdAt: now, updatedAt: now };
      if ((await journal.createFlow(flow, definition)) === undefined) return flow;
      continue;
    }
    if (existing.mode !== mode) {
      throw new StepwellError(
        "InvalidArgument",
        `Flow ${name} is ${existing.mode}; the execution mode of a flow cannot be changed.`,
      );
    }
    if ((await journal.readRevision(existing.flowId, existing.revision)) === definition) return existing;
    const next = { ...existing, revision: existing.revision + 1, updatedAt: now };
    if (await journal.updateFlow(next, definition)) return next;
  }
}

/** The flow of that name; throws StepwellError `FlowNotExists`. */
export async function requireFlow(journal: Journal, name: string): Promise<FlowItem> {
  const flow = await journal.readFlow(name);
  if (!flow) throw new StepwellError("FlowNotExists", `Flow  ${name} does not exist.`);
  return flow;
}
