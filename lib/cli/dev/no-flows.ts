/** What to tell someone who has no flow yet. */
import { join } from "node:path";

export function noFlowsText(folder: string): string {
  return `there is no flow in ${folder}: no *.yml or *.yaml with "type: flow" in it or in ${join(folder, "flows")}.
A first one, as ${join(folder, "hello.yml")}:

version: v1
type: flow
steps:
  - type: task
    name: greet
    resourceArn: acs:fc:::services/hello/functions/greet

and its function, as ${join(folder, "functions.ts")}:

export default {
  "hello/greet": ({ name }: { name?: string }) => ({ greeting: \`Hello \${name ?? "world"}\` }),
};
`;
}
