/** The actions on flows. */
import { StepwellError } from "../fdl/errors.ts";
import { parseDefinition, requireFlow } from "../runtime/index.ts";
import type { FlowItem, Journal } from "../runtime/ports/journal.ts";
import { action } from "./action.ts";
import { type Fields, MAX_PAGE_TEXT, timeText } from "./answer.ts";
import { flowName, integer, oneOf, text } from "./kinds.ts";
import { optional, required, unsupported } from "./parameter.ts";

/** Size of a whole request, so of anything in it. */
const MAX_TEXT = 1_048_576;

const VERSION = unsupported("there are no versions of flows; leave it out");

const type = oneOf("FDL");

const CreateFlow = action(
  {
    Name: required(flowName),
    Definition: required(text(1, MAX_TEXT)),
    Description: required(text(0, MAX_TEXT)),
    Type: required(type),
    ExecutionMode: optional(oneOf("Standard", "Express"), "Standard"),
  },
  async ({ runtime: { ports } }, { Name, Definition, ExecutionMode }) => {
    parseDefinition(Definition);
    const now = ports.clock.now();
    const flow: FlowItem = {
      flowId: ports.ids.next(),
      name: Name,
      revision: 1,
      mode: ExecutionMode,
      createdAt: now,
      updatedAt: now,
    };
    const existing = await ports.journal.createFlow(flow, Definition);
    if (existing !== undefined) throw new StepwellError("FlowAlreadyExists", `Flow ${Name} already exists.`);
    return flowRecord(flow, Definition);
  },
);

/** What is absent stays as it is; a definition that is the same already makes no new revision. */
const UpdateFlow = action(
  { Name: required(flowName), Definition: optional(text(1, MAX_TEXT)), Type: optional(type) },
  async ({ runtime: { ports } }, { Name, Definition }) => {
    const { journal, clock } = ports;
    if (Definition !== undefined) parseDefinition(Definition);
    const flow = await requireFlow(journal, Name);
    const definition = await definitionOf(journal, flow);
    if (Definition === undefined || Definition === definition) return flowRecord(flow, definition);
    const next: FlowItem = { ...flow, revision: flow.revision + 1, updatedAt: clock.now() };
    if (!(await journal.updateFlow(next, Definition))) {
      throw new StepwellError(
        "ConcurrentUpdateError",
        `Flow ${Name} was changed by somebody else at the same time: look at it and update it again.`,
      );
    }
    return flowRecord(next, Definition);
  },
);

const DescribeFlow = action(
  { Name: required(flowName), FlowVersion: VERSION },
  async ({ runtime: { ports } }, { Name }) => {
    const flow = await requireFlow(ports.journal, Name);
    return flowRecord(flow, await definitionOf(ports.journal, flow));
  },
);

/** By name; `NextToken` is the name that the next page begins with. */
const ListFlows = action(
  { NextToken: optional(flowName, ""), Limit: optional(integer(1, 1_000), 60) },
  async ({ runtime: { ports } }, { NextToken, Limit }) => {
    const flows = (await allFlows(ports.journal)).filter(({ name }) => name >= NextToken).sort(byName);
    const records: Fields[] = [];
    let size = 0;
    for (const flow of flows) {
      if (records.length === Limit || size > MAX_PAGE_TEXT) return { Flows: records, NextToken: flow.name };
      const definition = await definitionOf(ports.journal, flow);
      records.push(flowRecord(flow, definition));
      size += definition.length;
    }
    return { Flows: records };
  },
);

/** Executions that run go on to their end; none can be seen any more, also not under a new flow of the name. */
const DeleteFlow = action({ Name: required(flowName) }, async ({ runtime: { ports } }, { Name }) => {
  const { flowId } = await requireFlow(ports.journal, Name);
  await ports.journal.deleteFlow(Name, flowId);
  return {};
});

export const flowActions = { CreateFlow, UpdateFlow, DescribeFlow, ListFlows, DeleteFlow };

function flowRecord({ flowId, name, mode, createdAt, updatedAt }: FlowItem, definition: string): Fields {
  return {
    Id: flowId,
    Name: name,
    Description: "",
    Definition: definition,
    Type: "FDL",
    RoleArn: "",
    CreatedTime: timeText(createdAt),
    LastModifiedTime: timeText(updatedAt),
    ExecutionMode: mode,
  };
}

async function definitionOf(journal: Journal, { flowId, revision }: FlowItem): Promise<string> {
  return (await journal.readRevision(flowId, revision)) ?? "";
}

async function allFlows(journal: Journal): Promise<FlowItem[]> {
  const flows: FlowItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await journal.listFlows(cursor);
    flows.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return flows;
}

function byName(a: FlowItem, b: FlowItem): number {
  return a.name < b.name ? -1 : 1;
}
