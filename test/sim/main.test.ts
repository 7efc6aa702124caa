import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Each test runs the command in processes of its own. */
const TIMEOUT_MS = 120_000;

interface Said {
  readonly code: number | string | undefined;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command to its end. */
function sim(...args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...process.execArgv, MAIN, ...args],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, output, errors) => resolve({ code: error === null ? 0 : (error.code ?? "a signal"), output, errors }),
    );
  });
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split("\n").at(-1);
}

describe("the simulation as a command", { timeout: TIMEOUT_MS }, () => {
  it("traces the same run of the same seed the same, byte for byte, in every process", async () => {
    const [once, again] = await Promise.all([sim("--seed", "5", "--run", "3"), sim("--seed", "5", "--run", "3")]);
    expect(once.output.split("\n").length).toBeGreaterThan(20);
    expect(again).toEqual(once);
    expect(once.code).toBe(0);
  });

  it("runs others with another seed", async () => {
    const [one, other] = await Promise.all([sim("--seed", "5", "--run", "3"), sim("--seed", "6", "--run", "3")]);
    expect(other.output).not.toBe(one.output);
  });

  it("prints the same however many processes share the work", async () => {
    const args = ["--seed", "2", "--runs", "200"];
    const [alone, shared] = await Promise.all([sim(...args, "--jobs", "1"), sim(...args, "--jobs", "2")]);
    expect(alone.output).toMatch(/^\d+ executions, \d+ transitions, \d+ port calls, \d+ duplicates/);
    expect(shared.output).toBe(alone.output);
  });

  it("ends with the sum, and with 0 when nothing was wrong", async () => {
    const { code, output } = await sim("--seed", "2", "--runs", "10");
    expect(lastLine(output)).toBe("10 runs, 0 violations");
    expect(code).toBe(0);
  });

  it("runs those from a given one on", async () => {
    const [first, second, both] = await Promise.all([
      sim("--runs", "8", "--jobs", "1"),
      sim("--from", "8", "--runs", "8", "--jobs", "1"),
      sim("--runs", "16", "--jobs", "1"),
    ]);
    const executions = ({ output }: Said) => Number(/^(\d+) executions/m.exec(output)?.[1]);
    expect(executions(first) + executions(second)).toBe(executions(both));
  });

  it("refuses a number that is none with what it takes, and no stack", async () => {
    const { code, output, errors } = await sim("--runs", "many");
    expect(code).toBe(2);
    expect(errors).toMatch(/^--runs has to be a whole number, not "many"\n/);
    expect(errors).toContain("--seed S");
    expect(errors).not.toContain("    at ");
    expect(output).toBe("");
  });

  it("tells its options", async () => {
    const { code, output } = await sim("--help");
    expect(code).toBe(0);
    for (const option of ["seed", "runs", "jobs", "first", "run", "smallest", "help"])
      expect(output).toMatch(new RegExp(`^ {2}--${option}\\b`, "m"));
  });
});
