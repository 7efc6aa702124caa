/** The command line: what there is to say and how. Each command's own code is loaded when it is called. */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { StepwellError } from "../fdl/errors.ts";
import { HELP } from "./help.ts";
import { type Answer, parseFailure, parseSuccess } from "./run/answers.ts";
import { type NamedFile, parseNamedFile } from "./run/named-file.ts";
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
  addRun(program, terminal, result);
  addValidate(program, terminal, result);
  addGraph(program, terminal, result);
  return program;
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

function collectFlow(text: string, flows: readonly NamedFile[]): readonly NamedFile[] {
  return [...flows, orInvalid(() => parseNamedFile(text))];
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
