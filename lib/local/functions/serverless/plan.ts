/** What a serverless.yml says about its functions: what to load, with which settings, under which names. */
import type { Aliases, Handler, LoadProblem } from "../protocol.ts";
import { environmentOf } from "./environment.ts";
import { locateHandler } from "./handler.ts";
import { type Environment, type Fields, fieldsOf, openReading, positive, type Reading } from "./reading.ts";

export interface ServerlessPlan {
  readonly functions: readonly PlannedFunction[];
  /** Key of a handler by name, as CatalogOptions have it. */
  readonly names: ReadonlyMap<string, string>;
  readonly aliases: Aliases;
  /** By the key of a handler; "" when there is nothing to be had of the file. */
  readonly problems: ReadonlyMap<string, LoadProblem>;
  /** What was left out. */
  readonly warnings: readonly string[];
  /** Files that it depends on, there or not. */
  readonly files: readonly string[];
}

export interface PlannedFunction {
  /** The newest and the versions; those that cannot be found are among the problems. */
  readonly handlers: readonly Handler[];
  readonly environment: { readonly [name: string]: string };
  readonly memoryMb: number | undefined;
  readonly limitMs: number;
}

/** What the Serverless Framework sets when the file says nothing, seconds. */
const DEFAULT_TIMEOUT = 6;

/** Reads the file at `path`. Never throws: what is wrong is in the plan. */
export function planServerless(path: string, env: Environment): ServerlessPlan {
  const reading = openReading(path, env);
  if ("problem" in reading) return broken(reading.problem, [path]);
  const { root, files, value } = reading;
  const declared = functionsIn(reading, root.functions);
  if (declared === undefined) {
    const rule = "functions: must be a mapping of function names to handlers, written here or in a YAML file";
    return broken(`${reading.place(["functions"])}: ${rule}`, [...files]);
  }
  const provider = reading.fields(root.provider);
  const stepwell = reading.fields(reading.fields(root.custom).stepwell);
  const versions = reading.fields(stepwell.versions);
  const aliases = reading.fields(stepwell.aliases);
  const service = value(fieldsOf(value(root.service))?.name ?? root.service);
  const stage = value(provider.stage) ?? "dev";

  const problems = new Map<string, LoadProblem>();
  // A function's own key is its name, whatever other names make of theirs.
  const names = new Map(Object.keys(declared).map((key) => [key, key]));
  const aliasesByName: Record<string, { readonly [alias: string]: string }> = {};
  const functions: PlannedFunction[] = [];

  for (const [key, body] of Object.entries(declared)) {
    const settings = reading.fields(body);
    const at = ["functions", key];
    const runtime = value(settings.runtime) ?? value(provider.runtime);
    const handlers: Handler[] = [];
    const spellings = (qualifier?: string) => namesOf(key, { service, stage, name: value(settings.name) }, qualifier);

    const add = (handlerKey: string, handler: unknown, setting: string) => {
      const problem = (text: string) => {
        const errorMessage = `${reading.place(at)}: function ${JSON.stringify(key)}: ${text}`;
        problems.set(handlerKey, { errorType: "Runtime.ImportModuleError", errorMessage, stackTrace: [] });
      };
      if (typeof runtime === "string" && !runtime.startsWith("nodejs")) {
        problem(`its runtime is ${runtime}; only functions for Node run here`);
        return;
      }
      const located = locateHandler(path, value(handler), setting);
      for (const file of located.files) files.add(file);
      if ("problem" in located) problem(located.problem);
      else handlers.push({ key: handlerKey, ...located.handler });
    };
    const name = (handlerKey: string, qualifier?: string) => {
      for (const spelling of spellings(qualifier)) if (!names.has(spelling)) names.set(spelling, handlerKey);
    };

    add(key, settings.handler, "handler:");
    name(key);
    for (const [version, handler] of Object.entries(reading.fields(versions[key]))) {
      add(`${key}:${version}`, handler, `custom.stepwell.versions.${key}.${version}`);
      name(`${key}:${version}`, version);
    }
    const standsFor = aliasesOf(reading, aliases, key, names);
    for (const spelling of spellings()) aliasesByName[spelling] = standsFor;

    functions.push({
      handlers,
      environment: {
        ...environmentOf(reading, provider.environment, ["provider", "environment"]),
        ...environmentOf(reading, settings.environment, [...at, "environment"]),
      },
      memoryMb: positive(value(settings.memorySize)) ?? positive(value(provider.memorySize)),
      limitMs: 1000 * (positive(value(settings.timeout)) ?? positive(value(provider.timeout)) ?? DEFAULT_TIMEOUT),
    });
  }
  warnOfStrangers(reading, declared, { versions, aliases });
  return { functions, names, aliases: aliasesByName, problems, warnings: [...reading.warnings], files: [...files] };
}

function broken(errorMessage: string, files: readonly string[]): ServerlessPlan {
  const problem = { errorType: "Runtime.ImportModuleError", errorMessage, stackTrace: [] };
  return { functions: [], names: new Map(), aliases: {}, problems: new Map([["", problem]]), warnings: [], files };
}

/** One mapping; a list of mappings is one as well. */
function functionsIn({ value }: Reading, section: unknown): Fields | undefined {
  const declared = value(section);
  if (!Array.isArray(declared)) return fieldsOf(declared);
  const parts = declared.map((part) => fieldsOf(value(part)));
  return parts.includes(undefined) ? undefined : Object.assign({}, ...parts);
}

/** Under which names flows know a function: in its service, and as the Lambda function that it becomes (fdl.md §12). */
function namesOf(
  key: string,
  { service, stage, name }: { readonly service: unknown; readonly stage: unknown; readonly name: unknown },
  qualifier: string | undefined,
): readonly string[] {
  const after = (separator: string) => (qualifier === undefined ? "" : `${separator}${qualifier}`);
  const lambda = [key, ...(typeof name === "string" ? [name] : [])];
  if (typeof service !== "string") return lambda.map((one) => `${one}${after(":")}`);
  lambda.push(`${service}-${key}`, `${service}-${stage}-${key}`);
  return [`${service}${after(".")}/${key}`, ...lambda.map((one) => `${one}${after(":")}`)];
}

/** The aliases of a function. Warns of one that stands for a version that there is not. */
function aliasesOf(reading: Reading, aliases: Fields, key: string, names: ReadonlyMap<string, string>) {
  const standsFor: Record<string, string> = {};
  for (const [alias, from] of Object.entries(reading.fields(aliases[key]))) {
    const version = String(reading.value(from));
    standsFor[alias] = version;
    if (names.has(`${key}:${version}`)) continue;
    reading.warn(
      ["custom", "stepwell", "aliases", key],
      `the alias ${alias} of ${key} stands for version ${version}, which custom.stepwell.versions has not: calls of it fail`,
    );
  }
  return standsFor;
}

function warnOfStrangers(reading: Reading, declared: Fields, sections: { readonly [section: string]: Fields }): void {
  for (const [section, functions] of Object.entries(sections)) {
    for (const key of Object.keys(functions)) {
      if (Object.hasOwn(declared, key)) continue;
      reading.warn(
        ["custom", "stepwell", section, key],
        `custom.stepwell.${section} names ${JSON.stringify(key)}, which functions: has not`,
      );
    }
  }
}
