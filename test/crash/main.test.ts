import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The machine may be busy with other tests. */
const TIMEOUT_MS = 180_000;

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

function crash(...args: readonly string[]): { readonly lines: readonly string[]; readonly status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  return { lines: (stdout + stderr).trimEnd().split("\n"), status };
}

test(
  "--exhaustive counts single crashes and pairs, and two processes come to what one comes to",
  () => {
    const alone = crash("--exhaustive", "--flow", "pass", "--flow", "task");
    expect(alone.status).toBe(0);
    expect(alone.lines).toHaveLength(5);
    const [, runs, singles, pairs] =
      /^pass: (\d+) runs, (\d+) single crashes, (\d+) pairs, 0 differences$/.exec(alone.lines[0] ?? "") ?? [];
    // And in each mode one run in which nothing goes wrong.
    expect(Number(runs)).toBe(Number(singles) + Number(pairs) + 2);
    expect(alone.lines[3]).toMatch(/^2 flows, 2 modes, \d+ single crashes, \d+ pairs of crashes$/);
    expect(alone.lines[4]).toMatch(/^\d+ runs, \d+ crash points, 0 differences$/);
    expect(crash("--exhaustive", "--flow", "pass", "--flow", "task", "--jobs", "2")).toEqual(alone);
  },
  TIMEOUT_MS,
);

test(
  "--pairs runs pairs alone",
  () => {
    const { lines, status } = crash("--pairs", "--flow", "pass", "--mode", "hop");
    expect(status).toBe(0);
    expect(lines[0]).toMatch(/^pass: (\d+) runs, 0 single crashes, \1 pairs, 0 differences$/);
  },
  TIMEOUT_MS,
);

test(
  "--case runs a pair again and traces both crashes",
  () => {
    const { lines, status } = crash("--flow", "task", "--case", "hop/honest/crash-after@10/crash-before@20");
    expect(status).toBe(0);
    expect(lines.filter((line) => /\*\*\*\* crash (after call 10|before call 20)$/.test(line))).toHaveLength(2);
    expect(lines.at(-1)).toBe("1 runs, 1 crash points, 0 differences");
  },
  TIMEOUT_MS,
);

test("what is no number of processes is refused", () => {
  const { lines, status } = crash("--jobs", "none");
  expect(status).not.toBe(0);
  expect(lines.join("\n")).toContain('--jobs has to be a whole number, not "none"');
});
