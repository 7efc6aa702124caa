import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { afterEach, describe, expect, test } from "vitest";
import { type RunOptions, runProgram } from "./installed.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/stepwell.mjs", import.meta.url));

/** How to start a Node: its program and the arguments before the script. */
interface Starter {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const NEW: Starter = { name: process.version, command: [process.execPath] };

const PRETENDING =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.1.0'}});Object.defineProperty(process,'version',{value:'v18.1.0'})";

/** Nodes older than the program needs: one that only says it is, and the real ones of this machine. */
const OLD: readonly Starter[] = [
  { name: "v18.1.0", command: [process.execPath, "--import", PRETENDING] },
  ...["/usr/bin/node", "/usr/local/bin/node"].flatMap((path) => {
    const version = existsSync(path) ? execFileSync(path, ["--version"], { encoding: "utf8" }).trim() : "";
    return version !== "" && Number(version.slice(1).split(".")[0]) < 24
      ? [{ name: version, command: [path] as const }]
      : [];
  }),
];

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

interface Package {
  /** Source of dist/stepwell.mjs; absent: not built. */
  readonly program?: string;
  /** What node_modules/node/bin/node is; absent: not installed. */
  readonly node?: string;
}

/** A "project's Node" that runs the launcher as an old one does. */
const TOO_OLD = "too old";

/** A package with the launcher; runs it. */
function launch({ program, node }: Package, by: Starter, args: readonly string[] = [], options: RunOptions = {}) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "stepwell launcher ")));
  roots.push(root);
  mkdirSync(join(root, "bin"));
  cpSync(LAUNCHER, join(root, "bin", "stepwell.mjs"));
  writeFileSync(join(root, "package.json"), '{"type":"module"}');
  if (program !== undefined) {
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, "dist", "stepwell.mjs"), program);
  }
  if (node !== undefined) {
    mkdirSync(join(root, "node_modules", "node", "bin"), { recursive: true });
    writeFileSync(join(root, "node_modules", "node", "package.json"), '{"name":"node"}');
    const binary = join(root, "node_modules", "node", "bin", "node");
    if (node !== TOO_OLD) symlinkSync(node, binary);
    else
      writeFileSync(binary, `#!/bin/sh\nexec ${by.command.map((one) => `"${one}"`).join(" ")} "$@"\n`, { mode: 0o755 });
  }
  const [executable, ...before] = by.command;
  const ran = runProgram(executable, [...before, join(root, "bin", "stepwell.mjs"), ...args], root, options);
  return ran.then((result) => ({ root, ...result }));
}

const SHOW = `export function main(args) {
  process.stdout.write(JSON.stringify({ args, major: process.versions.node.split(".")[0], relaunched: process.env.STEPWELL_RELAUNCHED }));
  process.exitCode = 7;
}`;

describe("under a Node that is new enough", () => {
  test("runs the program with its arguments; its exit code is the command's", async () => {
    const { code, stdout } = await launch({ program: SHOW }, NEW, ["run", "a b", "--x='y'"]);
    expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 7, args: ["run", "a b", "--x='y'"], major: "24" });
  });

  test("a package that is not built says what to do, exit code 2", async () => {
    const { code, stderr, stdout, root } = await launch({}, NEW);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: `stepwell is not built: ${root}/dist/stepwell.mjs is missing.\nRun "npm ci" (or "npm run build") in ${root}.\n`,
    });
  });
});

describe.each(OLD)("under an older Node, $name", (old) => {
  test("runs the program under the project's own, with its arguments, stdin and exit code", async () => {
    const program = `${SHOW}\nprocess.stdin.pipe(process.stderr);`;
    const { code, stdout, stderr } = await launch({ program, node: process.execPath }, old, ["run", "a b"], {
      stdin: "typed",
    });
    expect({ code, stderr, ...JSON.parse(stdout) }).toEqual({
      code: 7,
      stderr: "typed",
      args: ["run", "a b"],
      major: "24",
    });
  });

  test("without one it says what to do, exit code 2", async () => {
    const { code, stderr, root } = await launch({ program: SHOW }, old);
    expect(code).toBe(2);
    expect(stderr).toContain(`stepwell needs Node.js 24 or newer; this is ${old.name} (`);
    expect(stderr).toContain(`Run "npm ci" in ${root}`);
  });

  test("one that is too old itself is not started again and again", async () => {
    const { code, stderr } = await launch({ program: SHOW, node: TOO_OLD }, old);
    expect(code).toBe(2);
    expect(stderr).toContain("stepwell needs Node.js 24 or newer");
  });

  test("one that cannot be started is told", async () => {
    const { code, stderr } = await launch({ program: SHOW, node: "/etc/passwd" }, old);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^stepwell cannot start .*EACCES/);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s reaches the program, which ends as it likes",
    async (signal) => {
      const program = `export function main() {
      const alive = setInterval(() => {}, 1000);
      process.on("${signal}", () => { clearInterval(alive); process.stdout.write("stopped"); process.exitCode = 9; });
      process.stderr.write("ready");
    }`;
      const { code, stdout } = await launch({ program, node: process.execPath }, old, [], {
        when: [[/ready/, (child) => child.kill(signal)]],
      });
      expect({ code, stdout }).toEqual({ code: 9, stdout: "stopped" });
    },
  );

  test("a program that dies of a signal takes the launcher with it, of the same signal", async () => {
    const program = 'export function main() { process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000); }';
    expect((await launch({ program, node: process.execPath }, old)).code).toBe("SIGTERM");
  });
});

test("is syntax that Node 14 understands: newer operators would stop an old Node before it can say what is missing", async () => {
  const source = readFileSync(LAUNCHER, "utf8");
  const [old, now] = await Promise.all(["node14", "esnext"].map((target) => transform(source, { target })));
  expect(old?.code).toBe(now?.code);
  expect(source.startsWith("#!/usr/bin/env node\n")).toBe(true);
});
