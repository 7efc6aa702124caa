/** The command line: what there is to say and how. Each command's own code is loaded when it is called. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { StepwellError } from "../fdl/errors.ts";
import type { DevOptions } from "./dev/dev.ts";
import { parsePort } from "./dev/port.ts";
import { HELP } from "./help.ts";
import { type Answer, parseFailure, parseSuccess } from "./run/answers.ts";
import { type NamedFile, parseNamedFile } from "./run/named-file.ts";
import type { SchedulesNextOptions } from "./schedules/next.ts";
import { parseCount, parseFrom } from "./schedules/options.ts";
import type { Terminal } from "./terminal.ts";
import { EXIT, UsageError } from "./usage.ts";

/** Runs one command line (without node and script) and returns the exit code. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const result: { code: number } = { code: EXIT.ok };
  try {
    await commandLine(terminal, result).parseAsync(argv, { from: "user" });
    return result.code;
  } catch (error) {
    // Commander has already written its message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof StepwellError) {
      terminal.err(`stepwell: ${error.message}\n`);
      return EXIT.usage;
    }
    terminal.err(
      `stepwell: this is a defect of stepwell; please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return EXIT.defect;
  }
}

function commandLine(terminal: Terminal, result: { code: number }): Command {
  const program = new Command("stepwell")
    .description(HELP.stepwell.description)
    .version(manifest.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError('(add "--help" to see what there is)')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText("after", HELP.stepwell.examples);
  addDev(program, terminal, result);
  addRun(program, terminal, result);
  addValidate(program, terminal, result);
  addGraph(program, terminal, result);
  addExplain(program, terminal, result);
  addJournal(program, terminal, result);
  addReplay(program, terminal, result);
  addSchedules(program, terminal, result);
  return program;
}

function addDev(program: Command, terminal: Terminal, result: { code: number }): void {
  program
    .command("dev")
    .summary(HELP.dev.summary)
    .description(HELP.dev.description)
    .argument("[dir]", "the folder with flows and functions", ".")
    .option("-p, --port <n>", "port of the HTTP endpoint; 0: any free one", port, 8787)
    .option("--topics-port <n>", "port of the SQS and SNS endpoint; 0: any free one", port, 4566)
    .option("--host <address>", "address to listen at, one of this machine's own", "127.0.0.1")
    .option("-d, --data <dir>", "the folder of all that is kept (default: .stepwell in the folder)")
    .option("-f, --functions <file>", "a functions module, or a serverless.yml (default: what is in the folder)")
    .option("--json", "print everything as one JSON document a line, on stdout", false)
    .option("-q, --quiet", "show no executions, only what functions print", false)
    .addHelpText("after", HELP.dev.examples)
    .action(async (folder: string, options: DevOptions) => {
      const { dev } = await import("./dev/dev.ts");
      result.code = await dev(terminal, folder, options);
    });
}

function addRun(program: Command, terminal: Terminal, result: { code: number }): void {
  // One list for both options: answers of a step are given in the order of the command line.
  const answers: Answer[] = [];
  const answer = (parse: (text: string) => Answer) => (text: string) => void answers.push(orInvalid(() => parse(text)));
  program
    .command("run")
    .summary(HELP.run.summary)
    .description(HELP.run.description)
    .argument("<flow>", "the flow's definition, a YAML or JSON file")
    .option("-i, --input <json>", "the execution's input: a JSON object, @FILE, or @- for standard input", "{}")
    .option("-f, --functions <module>", "the JavaScript or TypeScript module with the functions that tasks call")
    .option("--flow <name=file>", "another flow that sub-flow tasks may start (repeatable)", collectFlow, [])
    .option("-n, --name <execution>", "the execution's name (generated when not given)")
    .option("-d, --dir <dir>", "keep the execution there: when it is interrupted, the same command goes on with it")
    .option(
      "--report <step=json>",
      "success, with this output, of a task that waits for a report (repeatable)",
      answer(parseSuccess),
    )
    .option(
      "--report-fail <step=error:cause>",
      "failure of a task that waits for a report (repeatable)",
      answer(parseFailure),
    )
    .option("--json", "print one JSON document: status, output, error, cause, events", false)
    .option("-q, --quiet", "print no progress", false)
    .addHelpText("after", HELP.run.examples)
    .action(async (flow: string, options: RunArguments) => {
      const { run } = await import("./run/run.ts");
      result.code = await run(terminal, flow, { ...options, answers });
    });
}

interface RunArguments {
  readonly input: string;
  readonly functions?: string;
  readonly flow: readonly NamedFile[];
  readonly name?: string;
  readonly dir?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

function addValidate(program: Command, terminal: Terminal, result: { code: number }): void {
  program
    .command("validate")
    .summary(HELP.validate.summary)
    .description(HELP.validate.description)
    .argument("<flow...>", "definitions, YAML or JSON files")
    .option("--json", "print one JSON document with all problems", false)
    .addHelpText("after", HELP.validate.examples)
    .action(async (paths: readonly string[], options: { readonly json: boolean }) => {
      const { validate } = await import("./validate.ts");
      result.code = await validate(terminal, paths, options);
    });
}

function addGraph(program: Command, terminal: Terminal, result: { code: number }): void {
  program
    .command("graph")
    .summary(HELP.graph.summary)
    .description(HELP.graph.description)
    .argument("<flow>", "the flow's definition, a YAML or JSON file")
    .addHelpText("after", HELP.graph.examples)
    .action(async (path: string) => {
      const { graph } = await import("./graph/graph.ts");
      result.code = await graph(terminal, path);
    });
}

function addExplain(program: Command, terminal: Terminal, result: { code: number }): void {
  program
    .command("explain")
    .summary(HELP.explain.summary)
    .description(HELP.explain.description)
    .argument("<execution>", "FLOW/NAME, or a start id")
    .option("-d, --data <dir>", "the data directory of stepwell dev or of run --dir", ".stepwell")
    .option("--json", "print one JSON document", false)
    .addHelpText("after", HELP.explain.examples)
    .action(async (execution: string, options: { readonly data: string; readonly json: boolean }) => {
      const { explain } = await import("./explain/command.ts");
      result.code = await explain(terminal, execution, options);
    });
}

function addJournal(program: Command, terminal: Terminal, result: { code: number }): void {
  const journal = program.command("journal").summary(HELP.journal.summary).description(HELP.journal.description);
  journal
    .command("export")
    .summary(HELP.journalExport.summary)
    .description(HELP.journalExport.description)
    .argument("<execution>", "FLOW/NAME, or a start id")
    .option("-d, --data <dir>", "the data directory of stepwell dev or of run --dir", ".stepwell")
    .addHelpText("after", HELP.journalExport.examples)
    .action(async (execution: string, options: { readonly data: string }) => {
      const { journalExport } = await import("./journal/command.ts");
      result.code = await journalExport(terminal, execution, options);
    });
}

function addReplay(program: Command, terminal: Terminal, result: { code: number }): void {
  program
    .command("replay")
    .summary(HELP.replay.summary)
    .description(HELP.replay.description)
    .argument("<file>", "what stepwell journal export wrote; - for standard input")
    .option("--to <place>", "only up to this entry: SEQ of the root, or BRANCH:SEQ")
    .option("--inspect", "step through the entries", false)
    .option("--json", "print one JSON document", false)
    .addHelpText("after", HELP.replay.examples)
    .action(async (file: string, options: ReplayArguments) => {
      const { replayCommand } = await import("./replay/command.ts");
      result.code = await replayCommand(terminal, file, options);
    });
}

interface ReplayArguments {
  readonly to?: string;
  readonly inspect: boolean;
  readonly json: boolean;
}

function addSchedules(program: Command, terminal: Terminal, result: { code: number }): void {
  const schedules = program
    .command("schedules")
    .summary(HELP.schedules.summary)
    .description(HELP.schedules.description);
  schedules
    .command("next")
    .summary(HELP.schedulesNext.summary)
    .description(HELP.schedulesNext.description)
    .argument("<expression>", "@every <n>m, or six cron fields: one argument, in quotes")
    .option("--from <time>", "the times after this one, as 2026-01-31T09:00:00Z (default: now)", from)
    .option("-c, --count <n>", "how many times", count, 5)
    .option("--json", "print one JSON document", false)
    .addHelpText("after", HELP.schedulesNext.examples)
    .action(async (expression: string, options: SchedulesNextOptions) => {
      const { schedulesNext } = await import("./schedules/next.ts");
      result.code = await schedulesNext(terminal, expression, options);
    });
}

function collectFlow(text: string, flows: readonly NamedFile[]): readonly NamedFile[] {
  return [...flows, orInvalid(() => parseNamedFile(text))];
}

function port(text: string): number {
  return orInvalid(() => parsePort(text));
}

function from(text: string): number {
  return orInvalid(() => parseFrom(text));
}

function count(text: string): number {
  return orInvalid(() => parseCount(text));
}

/** Commander names the option in its message. */
function orInvalid<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
