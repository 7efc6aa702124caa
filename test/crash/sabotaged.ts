/** Builds of a program with something of the source broken; and what a run of the crash harness finds in such a build. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Edit, Sabotage } from "./sabotages.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Under node_modules: packages are found from there, and nothing of it is kept. */
const FOLDER = `${ROOT}node_modules/.cache/sabotaged/`;
const ENTRY = new URL("./main.ts", import.meta.url);

/** No sabotage may keep the harness busy for longer. */
const TIMEOUT_MS = 120_000;

export interface Found {
  /** The harness told a difference. */
  readonly found: boolean;
  /** The first one, or why there is none. */
  readonly text: string;
}

/** Builds the sabotaged harness and runs it on the flows that are to find it, up to the first difference. */
export async function runSabotaged({ name, edits, flows, mode }: Sabotage): Promise<Found> {
  const file = await buildSabotaged(ENTRY, name, edits);
  const { code, output } = await runBuild(
    file,
    [...flows.flatMap((flow) => ["--flow", flow]), ...(mode ? ["--mode", mode] : []), "--full", "--first"],
    TIMEOUT_MS,
  );
  const first = /^DIFFERENCE .*\n.*$/m.exec(output)?.[0].replace(/\s*\n\s*/, ": ");
  if (code === 1 && first !== undefined) return { found: true, text: first };
  return { found: false, text: code === 0 ? "no difference" : `ended with ${code}: ${output.slice(-500)}` };
}

/**
 * Bundles the program `entry` with the edits applied and returns the bundle's path; throws when a text is not there exactly
 * once, or when the program does not contain its file. The source sees the entry's place as its own.
 */
export async function buildSabotaged(entry: URL, name: string, edits: readonly Edit[]): Promise<string> {
  const program = relative(ROOT, fileURLToPath(entry)).replace(/\W+/g, "-");
  mkdirSync(FOLDER, { recursive: true });
  const outfile = `${FOLDER}${program}-${name.replace(/\W+/g, "-")}.mjs`;
  const applied = new Set<Edit>();
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "silent",
    // The flows lie beside the source, not beside the bundle.
    define: { "import.meta.url": JSON.stringify(entry.href) },
    plugins: [editing(edits, applied)],
  });
  const missed = edits.filter((each) => !applied.has(each));
  if (missed.length > 0)
    throw new Error(`sabotage "${name}": the program does not contain ${missed.map(({ file }) => file).join(", ")}`);
  return outfile;
}

function editing(edits: readonly Edit[], applied: Set<Edit>): Plugin {
  return {
    name: "sabotage",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const own = edits.filter(({ file }) => file === relative(ROOT, path));
        if (own.length === 0) return undefined;
        let contents = readFileSync(path, "utf8");
        for (const edit of own) {
          const parts = contents.split(edit.find);
          if (parts.length !== 2)
            throw new Error(`${edit.file} holds ${parts.length - 1} times, not once: ${edit.find}`);
          contents = parts.join(edit.replace);
          applied.add(edit);
        }
        return { contents, loader: "ts" };
      });
    },
  };
}

/** Runs a bundle with the arguments: its exit code (or why it has none), and all that it printed. */
export function runBuild(
  file: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<{ readonly code: number | string; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [file, ...args],
      { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 },
      (error, output, errors) =>
        resolve({ code: error === null ? 0 : (error.code ?? "a signal"), output: output + errors }),
    );
  });
}
