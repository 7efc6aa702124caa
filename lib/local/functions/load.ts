/** Loads the user's functions module in the function process, and says in the user's terms why that fails. */
import { spawnSync } from "node:child_process";
import { failureOf } from "./failure.ts";
import type { Aliases, LoadProblem } from "./protocol.ts";

export type TaskFunction = (event: unknown, context: unknown) => unknown;
export type FunctionMap = ReadonlyMap<string, TaskFunction>;
export type Namespace = { readonly [name: string]: unknown };

export type Loaded =
  | {
      readonly kind: "loaded";
      readonly functions: FunctionMap;
      readonly aliases: Aliases;
      /** By function: why it cannot be called. */
      readonly problems: { readonly [name: string]: LoadProblem };
    }
  | { readonly kind: "broken"; readonly problem: LoadProblem };

/** Imports the module; its default export must be an object of functions, its export `aliases` may say what aliases stand for. */
export async function loadModule(url: string): Promise<Loaded> {
  const namespace = await importFile(url);
  return "problem" in namespace ? { kind: "broken", problem: namespace.problem } : functionsOf(namespace.exports);
}

/** The module's exports, or why it cannot be imported. */
export async function importFile(
  url: string,
): Promise<{ readonly exports: Namespace } | { readonly problem: LoadProblem }> {
  try {
    return { exports: await import(url) };
  } catch (thrown) {
    return { problem: importProblem(thrown, url) };
  }
}

function functionsOf(namespace: Namespace): Loaded {
  const exported = defaultOf(namespace);
  if (typeof exported !== "object" || exported === null) {
    const found =
      exported === undefined ? "it has none" : `it is ${exported === null ? "null" : `a ${typeof exported}`}`;
    return broken(
      `the default export must be an object that maps names such as "service/function" to functions; ${found}`,
    );
  }
  const functions = new Map<string, TaskFunction>();
  for (const [name, value] of Object.entries(exported)) {
    if (!isFunction(value))
      return broken(`the value of ${JSON.stringify(name)} in the default export is not a function`);
    functions.set(name, value);
  }
  const { aliases = {} } = namespace;
  if (!isAliases(aliases)) {
    return broken(
      'the export aliases must be an object such as { "service/function": { online: "1" } }, versions as texts',
    );
  }
  return { kind: "loaded", functions, aliases, problems: {} };
}

function isAliases(value: unknown): value is Aliases {
  const isRecord = (one: unknown): one is object => typeof one === "object" && one !== null;
  return (
    isRecord(value) &&
    Object.values(value).every(
      (versions) => isRecord(versions) && Object.values(versions).every((version) => typeof version === "string"),
    )
  );
}

/** The default export; of a CommonJS module that was compiled from ES modules, its `exports.default`. */
export function defaultOf(namespace: Namespace): unknown {
  const exported = namespace.default;
  const compiled =
    typeof exported === "object" && exported !== null && "__esModule" in exported && "default" in exported;
  return compiled ? exported.default : exported;
}

export function isFunction(value: unknown): value is TaskFunction {
  return typeof value === "function";
}

function broken(errorMessage: string): Loaded {
  return { kind: "broken", problem: { errorType: "Runtime.HandlerNotFound", errorMessage, stackTrace: [] } };
}

function importProblem(thrown: unknown, url: string): LoadProblem {
  const { error, cause } = failureOf(thrown);
  const { errorMessage, stackTrace } = JSON.parse(cause) as { errorMessage: string; stackTrace: readonly string[] };
  if (error !== "SyntaxError")
    return { errorType: "Runtime.ImportModuleError", errorMessage: `${error}: ${errorMessage}`, stackTrace };
  const place = sourceLine(thrown instanceof Error ? thrown.stack : undefined) ?? sourceLine(uncaughtText(url));
  const prefix = place === undefined ? "" : `${place}: `;
  return {
    errorType: "Runtime.UserCodeSyntaxError",
    errorMessage: `${prefix}SyntaxError: ${errorMessage}`,
    stackTrace,
  };
}

/** The first line that names a place: `file:///…/module.ts:3`. */
function sourceLine(text: string | undefined): string | undefined {
  const place = text?.match(/^(?:file:\/\/)?(\/.*:\d+)$/m)?.[1];
  return place === undefined ? undefined : decodeURI(place);
}

/** Where a plain syntax error stands is written nowhere in the error, only in what Node prints when nobody catches it. */
function uncaughtText(url: string): string {
  const { stderr } = spawnSync(process.execPath, ["--eval", "import(process.argv[1])", url], {
    encoding: "utf8",
    timeout: 5_000,
  });
  return stderr;
}
