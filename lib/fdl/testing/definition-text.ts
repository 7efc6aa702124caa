/** Building blocks for the definitions in tests: short texts whose lines and columns can be counted. */

/** A definition with these steps; the first line of the steps is line 4, and all of them are indented by two. */
export function flow(steps: string): string {
  const lines = steps.split("\n").filter((line) => line.trim() !== "");
  const margin = Math.min(...lines.map((line) => line.search(/\S/)));
  return ["version: v1", "type: flow", "steps:", ...lines.map((line) => `  ${line.slice(margin)}`), ""].join("\n");
}

/** A definition with one step, written as a flow map that starts at line 4, column 5. */
export function step(fields: string): string {
  return flow(`- {${fields}}`);
}

export const FUNCTION_TASK = "type: task, name: t, resourceArn: 'acs:fc:::services/s/functions/f'";
export const QUEUE_TASK = "type: task, name: t, resourceArn: 'acs:mns:::/queues/q/messages'";
export const TOPIC_TASK = "type: task, name: t, resourceArn: 'acs:mns:::/topics/t/messages'";
export const FLOW_TASK = "type: task, name: t, resourceArn: 'acs:fnf:::flow/f'";
export const ACTION_TASK = "type: task, name: t, action: 'fnf:StartExecution'";
export const FOREACH = "type: foreach, name: f, iterationMapping: {collection: $.a, item: i}";
export const PASS = "{type: pass, name: a}";

/** A definition with problems: all that the checker must report, each as a compiler's line without the file's name. */
export interface Flawed {
  readonly title: string;
  readonly text: string;
  readonly problems: readonly string[];
  /** Whether the JSON Schema refuses it too; absent where the text is no YAML that JSON could hold. */
  readonly refusedBySchema?: boolean;
}
