/** What the tests of the function processes share: calls of the fixture module, failures read, modules written for one test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import type { Json } from "../../fdl/json.ts";
import type { CallResult, Invocation } from "../../runtime/ports/functions.ts";
import { type ChildFunctions, type ChildFunctionsOptions, childFunctions } from "./child-functions.ts";
import { type LocalFunctions, type LocalFunctionsOptions, localFunctions } from "./local-functions.ts";

export const MODULE = fileURLToPath(new URL("./functions.fixture.ts", import.meta.url));
export const CONTEXT = { attemptId: "a-1", flow: "orders", execution: "e-1", step: "pay", retryCount: 2 };

export function calling(name: string, payload: Json = {}, timeoutMs?: number): Invocation {
  const resource = { kind: "function", function: name, region: "", account: "" } as const;
  return { resource, payload, context: CONTEXT, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

/** The failure's error name and its cause, read. */
export function failed(result: CallResult) {
  if (result.kind !== "failed") throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
  const cause: { errorMessage: string; errorType: string; stackTrace: string[] } = JSON.parse(result.cause);
  return { error: result.error, ...cause };
}

const open: ChildFunctions[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Function processes that end with the test. */
export function functions(options: Partial<ChildFunctionsOptions> = {}): ChildFunctions {
  const started = childFunctions({ module: MODULE, onConsole: () => {}, ...options });
  open.push(started);
  return started;
}

/** Writes modules into a folder of their own and returns the path of the first; they go with the test. */
export function written(files: { readonly [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), "stepwell functions "));
  folders.push(folder);
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), source);
  }
  return join(folder, Object.keys(files)[0] ?? "");
}

/** The functions of a folder with these files, the first being the source; they and the folder end with the test. */
export function local(
  files: { readonly [name: string]: string },
  options: Partial<LocalFunctionsOptions> = {},
): LocalFunctions & { readonly path: string } {
  const path = written(files);
  const kind = path.endsWith(".yml") ? "serverless" : "module";
  const started = localFunctions({ source: { kind, path }, onConsole: () => {}, ...options });
  open.push(started);
  return { ...started, path };
}

/** Said texts, to be waited for. */
export function heard(): { readonly say: (text: string) => void; next(): Promise<string> } {
  const texts: string[] = [];
  let wake = () => {};
  return {
    say(text) {
      texts.push(text);
      wake();
    },
    async next() {
      while (texts.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return texts.shift() ?? "";
    },
  };
}
