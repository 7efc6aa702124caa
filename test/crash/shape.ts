/**
 * The shape of a history: what each branch did, step by step. A crash may change when things happened and so how the
 * branches' events are merged, but never what a branch did.
 */
import type { ExecutionEvent } from "../../lib/runtime/index.ts";

export interface BranchShape {
  /** One line an event: type, step, details without times and ids. */
  readonly lines: string[];
  /** It ran to its end; a branch that a failure cut off may stop anywhere. */
  whole: boolean;
  /** The fork that it belongs to; undefined for the root. */
  readonly fork: string | undefined;
}

/** By branch: "" is the root, "outer#1.0" branch 0 of the first fork by step "outer". */
export type Shape = ReadonlyMap<string, BranchShape>;

interface Strand {
  readonly id: string;
  /** Steps that forked in this branch, and how often. */
  readonly forks: Map<string, number>;
  readonly parent?: Strand;
  /** The step whose branch this is. */
  readonly owner?: string;
}

/**
 * Takes a history apart. An event belongs to the branch of its cause, but for the first of a branch, and for what the
 * step that forked does after its branches: steps are told apart by their names, which are unique in each of the flows.
 */
export function shapeOf(events: readonly ExecutionEvent[]): Shape {
  const shape = new Map<string, BranchShape>();
  const root: Strand = { id: "", forks: new Map() };
  const strands = new Map<number, Strand>();
  for (const event of events) {
    const strand = strandOf(event, strands.get(event.ScheduleEventId) ?? root, root);
    strands.set(event.EventId, strand);
    const branch = shape.get(strand.id) ?? {
      lines: [],
      whole: false,
      fork: strand.parent && strand.id.slice(0, strand.id.lastIndexOf(".")),
    };
    shape.set(strand.id, branch);
    branch.lines.push(`${event.Type} ${event.StepName} ${steady(event.EventDetail)}`);
    if (/^(Branch|Iteration)Exited$/.test(event.Type) || /^Execution(?!Started)/.test(event.Type)) branch.whole = true;
    if (event.Type === "StepStarted") strand.forks.set(event.StepName, (strand.forks.get(event.StepName) ?? 0) + 1);
  }
  return shape;
}

function strandOf({ Type, StepName, EventDetail }: ExecutionEvent, cause: Strand, root: Strand): Strand {
  if (Type === "BranchEntered" || Type === "IterationEntered") {
    const detail: { readonly index: number } = JSON.parse(EventDetail);
    const id = `${cause.id}/${StepName}#${cause.forks.get(StepName)}.${detail.index}`;
    return { id, forks: new Map(), parent: cause, owner: StepName };
  }
  if (StepName === "") return root;
  if (/^(Branch|Iteration)Exited$/.test(Type)) return cause;
  for (let strand: Strand | undefined = cause; strand; strand = strand.parent) {
    if (strand.owner === StepName && strand.parent) return strand.parent;
  }
  return cause;
}

/** A text without what differs from run to run: times, tokens, generated names, ids of messages. */
export function steady(text: string): string {
  return text
    .replace(/v1\.[\w-]+\.[\w-]+/g, "<token>")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<name>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
    .replace(/\b(request-)?message-\d+\b/g, "<message>")
    .replace(/(MessageBodyMD5\W+)[0-9A-F]{32}/g, "$1<digest>");
}

/** How one shape differs from the one of the undisturbed run; undefined when it does not. */
export function compareShapes(usual: Shape, seen: Shape): string | undefined {
  for (const id of new Set([...usual.keys(), ...seen.keys()])) {
    const [one, other] = [usual.get(id), seen.get(id)];
    const cut = isCut(usual, id);
    if (one === undefined || other === undefined) {
      if (!cut) return `branch "${id}" is ${one === undefined ? "new" : "missing"}`;
      continue;
    }
    const length =
      cut && !(one.whole && other.whole)
        ? Math.min(one.lines.length, other.lines.length)
        : Math.max(one.lines.length, other.lines.length);
    for (let at = 0; at < length; at++) {
      if (one.lines[at] !== other.lines[at])
        return `branch "${id}", event ${at + 1}: ${other.lines[at] ?? "missing"}; undisturbed: ${one.lines[at] ?? "none"}`;
    }
  }
  return undefined;
}

/** True when the branch, or one that it is part of, belongs to a fork that failed. */
function isCut(usual: Shape, id: string): boolean {
  for (let branch = id; branch !== ""; ) {
    const fork = branch.slice(0, branch.lastIndexOf("."));
    for (const [sibling, { fork: of, whole }] of usual) if (of === fork && !whole && sibling !== "") return true;
    branch = fork.slice(0, fork.lastIndexOf("/"));
  }
  return false;
}
