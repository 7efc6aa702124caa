/** What to tell a user whose durable run was interrupted. */
import type { RunOptions } from "./run.ts";

/** Says how it goes on, as a command to be copied. */
export function leftText(path: string, options: RunOptions, execution: string): string {
  const { functions, flow, dir = "" } = options;
  const words = [
    ...["stepwell", "run", path],
    ...(functions === undefined ? [] : ["--functions", functions]),
    ...flow.flatMap(({ name, path }) => ["--flow", `${name}=${path}`]),
    ...["--dir", dir, "--name", execution],
  ];
  return `interrupted; to go on: ${words.map(quoted).join(" ")}`;
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w./=:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
