/** What the help of each command says beyond its options. */

export const HELP = {
  stepwell: {
    description:
      "Runs YAML flows (Flow Definition Language, FDL v1) durably: in your own AWS account, or on this machine.",
    examples: `
Examples:
  $ stepwell validate flow.yml
  $ stepwell run flow.yml --input '{"order":"a-1"}' --functions functions.ts
  $ stepwell run --help`,
  },
  run: {
    summary: "run a flow on this machine",
    description: `Runs one execution of a flow in this process and prints its output.

Progress goes to stderr; stdout holds the output alone, or one JSON document with --json.

The module's default export maps the functions that tasks call ("service/function", a Lambda function's name, or a full ARN) to (event, context) => result. Functions run in processes of their own.

A task that waits for a report (pattern: waitForCallback) gets it from --report and --report-fail, or from a line typed while it waits.`,
    examples: `
Exit codes: 0 succeeded; 1 ended otherwise; 2 invalid definition, input or usage; 128+n stopped by signal n.

Examples:
  $ stepwell run flow.yml --input '{"order":"a-1"}' --functions functions.ts
  $ stepwell run flow.yml --input @input.json --functions functions.mjs --json > result.json
  $ stepwell run parent.yml --flow child=child.yml
  $ stepwell run approval.yml --report 'approve={"approved":true}'
  $ stepwell run approval.yml --report-fail 'approve=Rejected:too expensive'`,
  },
  validate: {
    summary: "check definitions without running them",
    description: `Checks definitions and prints each problem as FILE:LINE:COLUMN: error: step "NAME": MESSAGE.

Warnings are printed and do not count.`,
    examples: `
Exit codes: 0 all are valid; 2 one is not.

Examples:
  $ stepwell validate flow.yml
  $ stepwell validate flows/*/flow.yml --json`,
  },
  graph: {
    summary: "draw a flow as a Mermaid flowchart",
    description: "Prints a Mermaid flowchart of a flow: to be pasted into Markdown, or drawn with any Mermaid tool.",
    examples: `
Examples:
  $ stepwell graph flow.yml
  $ stepwell graph flow.yml > flow.mmd`,
  },
} as const;
