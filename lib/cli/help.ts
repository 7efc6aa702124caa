/** What the help of each command says beyond its options. */

export const HELP = {
  stepwell: {
    description:
      "Runs YAML flows (Flow Definition Language, FDL v1) durably: in your own AWS account, or on this machine.",
    examples: `
Examples:
  $ stepwell dev
  $ stepwell validate flow.yml
  $ stepwell run flow.yml --input '{"order":"a-1"}' --functions functions.ts
  $ stepwell run --help`,
  },
  dev: {
    summary: "run the flows of a folder on this machine, durably",
    description: `Runs the engine in this process, with an HTTP endpoint for the API and one for SQS and SNS, until Ctrl-C.

Flows are the *.yml and *.yaml files in the folder and under flows/ in it, each by its file's name; functions are those of functions.ts (or .mts, .js, .mjs, .cjs), or of a serverless.yml. A file that is saved counts from then on: flows as new revisions (executions that run keep theirs), functions from their next call.

All that happens is on disk before anything is done about it: whatever ends the process, executions go on at the next start.`,
    examples: `
Exit codes: 0 stopped by Ctrl-C or SIGTERM; 1 the store could not be written; 2 it could not start.

Examples:
  $ stepwell dev
  $ stepwell dev shop --port 0 --topics-port 0
  $ curl -s localhost:8787 -d Version=2019-03-15 -d Action=StartExecution -d FlowName=order -d 'Input={"n":7}'
  $ curl -s localhost:8787 -d Version=2019-03-15 -d Action=ListExecutions -d FlowName=order`,
  },
  run: {
    summary: "run a flow on this machine",
    description: `Runs one execution of a flow in this process and prints its output.

Progress goes to stderr; stdout holds the output alone, or one JSON document with --json.

The module's default export maps the functions that tasks call ("service/function", a Lambda function's name, or a full ARN) to (event, context) => result. Functions run in processes of their own.

A task that waits for a report (pattern: waitForCallback) gets it from --report and --report-fail, or from a line typed while it waits.

With --dir the execution is kept in that directory: Ctrl-C, a crash or a power cut interrupts it, and the same command with its --name goes on with it. When it has ended, its result is printed and nothing runs.`,
    examples: `
Exit codes: 0 succeeded; 1 ended otherwise; 2 invalid definition, input or usage; 128+n stopped by signal n.

Examples:
  $ stepwell run flow.yml --input '{"order":"a-1"}' --functions functions.ts
  $ stepwell run flow.yml --input @input.json --functions functions.mjs --json > result.json
  $ stepwell run flow.yml --functions functions.ts --dir .stepwell --name order-7
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
  explain: {
    summary: "say what an execution did and what it waits for",
    description: `Prints how an execution stands: what it waits for now, and a table of all that its journal holds.

A running server may have the directory open: it is only read.`,
    examples: `
Examples:
  $ stepwell explain orders/run-1
  $ stepwell explain orders/run-1 --data .stepwell --json`,
  },
  journal: {
    summary: "get at the journal of an execution",
    description: "What an execution recorded, for other programs and for stepwell replay.",
  },
  journalExport: {
    summary: "print everything of one execution as JSON",
    description: `Prints one JSON document that stands alone: definition, input, every recorded event with its state, reports, joins, outputs, result. Signatures of task tokens are taken out; all other data of the execution is in it.

A running server may have the directory open: it is only read.`,
    examples: `
Examples:
  $ stepwell journal export orders/run-1 > run-1.json
  $ stepwell journal export orders/run-1 | stepwell replay -`,
  },
  replay: {
    summary: "run the engine's core over an exported execution",
    description: `Computes each transition of an exported execution again, without calling anything, prints what comes out, and compares it with what was recorded.

With --inspect it stops at each entry and obeys commands: n(ext), p(revious), s(tate), e(ffect), a number, q(uit), ? for all.`,
    examples: `
Exit codes: 0 all is as it was recorded; 1 something differs; 2 the file cannot be replayed.

Examples:
  $ stepwell replay run-1.json
  $ stepwell replay run-1.json --to 3.0:2
  $ stepwell replay run-1.json --inspect`,
  },
  schedules: {
    summary: "see when schedules fire",
    description: "What concerns schedules: @every <n>m, or cron with seconds and time zones.",
  },
  schedulesNext: {
    summary: "print the next times at which an expression fires",
    description: `Prints the next times at which a schedule with this expression fires: in UTC and, behind CRON_TZ=ZONE, in the zone's local time.

An expression is @every <n>m, or six fields: seconds, minutes, hours, days of month, months, days of week (1 = MON). @every counts from when a schedule is created: here from --from.`,
    examples: `
Exit codes: 0 times are printed; 1 it never fires; 2 invalid expression or usage.

Examples:
  $ stepwell schedules next '0 0/5 4-6 ? * MON-FRI'
  $ stepwell schedules next 'CRON_TZ=Asia/Shanghai 0 0 4 1 * *' --count 12
  $ stepwell schedules next '@every 90m' --from 2026-01-31T09:00:00Z --json`,
  },
} as const;
