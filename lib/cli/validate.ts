/** `stepwell validate FLOW…`: checks definitions without running them. */
import { printProblems, readFlowFile } from "./flow-file.ts";
import type { Terminal } from "./terminal.ts";
import { EXIT } from "./usage.ts";

export interface ValidateOptions {
  readonly json: boolean;
}

/** Exit code 0 when every definition is valid; warnings are told and do not count. */
export async function validate(
  terminal: Terminal,
  paths: readonly string[],
  options: ValidateOptions,
): Promise<number> {
  const files = await Promise.all(paths.map(readFlowFile));
  const valid = files.every((file) => file.flow !== undefined);
  if (options.json) {
    const list = files.map(({ path, flow, problems }) => ({ file: path, valid: flow !== undefined, problems }));
    terminal.out(`${JSON.stringify({ valid, files: list }, null, 2)}\n`);
  } else {
    for (const file of files) printProblems(terminal, file);
    terminal.err(
      `${summary(
        files.flatMap((file) => file.problems.map((problem) => problem.severity)),
        files.length,
      )}\n`,
    );
  }
  return valid ? EXIT.ok : EXIT.usage;
}

function summary(severities: readonly string[], files: number): string {
  const count = (severity: string) => severities.filter((one) => one === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const what = files === 1 ? "the definition is" : `all ${files} definitions are`;
  const found = [
    ...(errors > 0 ? [plural(errors, "error")] : []),
    ...(warnings > 0 ? [plural(warnings, "warning")] : []),
  ].join(", ");
  return errors > 0 ? found : `${what} valid${warnings > 0 ? ` (${found})` : ""}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
