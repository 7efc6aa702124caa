/**
 * An edition of the functions of a serverless.yml. Functions with the same environment and memory share processes; a
 * module that reads its environment while it loads sees its own.
 */
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { CallResult } from "../../../runtime/ports/functions.ts";
import type { Place } from "../attempt.ts";
import { catalogOf } from "../catalog.ts";
import { broken } from "../death.ts";
import { type Edition, editionOf, notFound, pickIn } from "../edition.ts";
import { fileStamp } from "../file-stamp.ts";
import { type Pool, type PoolOptions, startPool } from "../pool.ts";
import type { Handler, LoadProblem } from "../protocol.ts";
import { type PlannedFunction, planServerless } from "./plan.ts";

export interface ServerlessEditionOptions extends Omit<PoolOptions, "load" | "environment" | "memoryMb"> {
  /** Of the serverless.yml, absolute. */
  readonly path: string;
  /** Memory of functions that say nothing of it; Serverless's own 1024 MB when not given. */
  readonly memoryMb?: number;
  /** Tells what was left out. */
  warn(text: string): void;
}

const DEFAULT_MEMORY_MB = 1024;
/** With more kinds of processes than that, those that have nothing to do for a while end: one takes about 40 MB. */
const KEPT_KINDS = 8;

/** Starts the first process of each kind at once. */
export function serverlessEdition(options: ServerlessEditionOptions): Edition {
  const { path, memoryMb: defaultMemory = DEFAULT_MEMORY_MB, warn, ...pools } = options;
  const plan = planServerless(path, process.env);
  for (const file of plan.files) options.file?.(file, fileStamp(file));
  for (const warning of plan.warnings) warn(warning);

  const catalog = catalogOf({ names: plan.names, aliases: plan.aliases, owner: [path, "has"], strict: true });
  const problems = new Map(plan.problems);
  const kinds = [...grouped(plan.functions, defaultMemory)];
  const groups = kinds.map((group) => ({
    ...group,
    pool: startPool({
      ...pools,
      load: { kind: "handlers", handlers: group.handlers },
      environment: group.environment,
      memoryMb: group.memoryMb,
      mayBeEmpty: kinds.length > KEPT_KINDS,
    }),
  }));
  const places = new Map<string, { readonly pool: Pool; readonly memoryMb: number; readonly limitMs: number }>();
  for (const { pool, memoryMb, limits } of groups) {
    for (const [key, limitMs] of limits) places.set(key, { pool, memoryMb, limitMs });
  }

  async function loadAll() {
    for (const { pool, handlers } of groups) {
      const loaded = await pool.loaded;
      for (const handler of handlers) {
        const problem = "problem" in loaded ? loaded.problem : own(loaded.problems, handler.key);
        if (problem !== undefined) problems.set(handler.key, naming(handler, problem));
      }
    }
    return { catalog: problems.has("") ? undefined : catalog, problems };
  }

  /** What one process loads may break all of it: the function and the file say what to look at. */
  function naming({ key, url }: Handler, problem: LoadProblem): LoadProblem {
    const file = relative(dirname(path), fileURLToPath(url));
    return { ...problem, errorMessage: `function ${JSON.stringify(key)} (${file}): ${problem.errorMessage}` };
  }

  const all = [...plan.names.keys()];
  const inService = all.filter((name) => name.includes("/"));
  return editionOf({
    loaded: loadAll(),
    pools: groups.map(({ pool }) => pool),
    names: () => (inService.length > 0 ? inService : all),
    placeOf(resource): Place | CallResult {
      const whole = plan.problems.get("");
      if (whole !== undefined) return broken(whole);
      const found = catalog.find(resource);
      if ("missing" in found) return notFound(found.missing);
      const problem = plan.problems.get(found.key);
      const place = places.get(found.key);
      if (problem !== undefined || place === undefined) return broken(problem ?? NOTHING);
      return { ...place, pick: (loaded) => pickIn(found, loaded) };
    },
  });
}

const NOTHING: LoadProblem = {
  errorType: "Runtime.HandlerNotFound",
  errorMessage: "It has no handler.",
  stackTrace: [],
};

function own<T>(of: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

interface Group {
  readonly environment: { readonly [name: string]: string };
  readonly memoryMb: number;
  readonly handlers: Handler[];
  readonly limits: Map<string, number>;
}

/** Functions by what a process of theirs is started with. */
function grouped(functions: readonly PlannedFunction[], defaultMemory: number): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const { environment, memoryMb = defaultMemory, limitMs, handlers } of functions) {
    if (handlers.length === 0) continue;
    const key = JSON.stringify([memoryMb, Object.entries(environment).sort()]);
    const group: Group = groups.get(key) ?? { environment, memoryMb, handlers: [], limits: new Map() };
    groups.set(key, group);
    for (const handler of handlers) {
      group.handlers.push(handler);
      group.limits.set(handler.key, limitMs);
    }
  }
  return groups.values();
}
