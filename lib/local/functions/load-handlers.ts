/** Loads Lambda handlers in the function process: each is an export of a module of its own, and breaks for itself alone. */
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultOf, importFile, isFunction, type Loaded, type Namespace, type TaskFunction } from "./load.ts";
import type { Handler, LoadProblem } from "./protocol.ts";

type Callback = (error: unknown, result?: unknown) => void;

/** Imports all modules. What cannot be used is under `problems`. */
export async function loadHandlers(handlers: readonly Handler[]): Promise<Loaded> {
  const functions = new Map<string, TaskFunction>();
  const problems: Record<string, LoadProblem> = {};
  for (const handler of handlers) {
    const imported = await importFile(handler.url);
    if ("problem" in imported) {
      problems[handler.key] = imported.problem;
      functions.set(handler.key, () => undefined);
      continue;
    }
    const found = exportOf(imported.exports, handler.export) ?? exportOf(defaultOf(imported.exports), handler.export);
    if (!isFunction(found)) problems[handler.key] = notFound(handler, imported.exports, found);
    functions.set(handler.key, isFunction(found) ? withCallback(found) : () => undefined);
  }
  return { kind: "loaded", functions, aliases: {}, problems };
}

/** `orders.pay` is the property `pay` of the export `orders`. */
function exportOf(exports: unknown, path: string): unknown {
  let value = exports;
  for (const name of path.split(".")) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
    value = Object.hasOwn(value, name) ? (value as Namespace)[name] : undefined;
  }
  return value;
}

/** A handler that takes a callback gets one, as on Lambda's Node runtimes before 24; what a promise says counts as well. */
function withCallback(handler: TaskFunction): TaskFunction {
  if (handler.length < 3) return handler;
  return (event, context) =>
    new Promise((resolve, reject) => {
      const callback: Callback = (error, result) =>
        error === null || error === undefined ? resolve(result) : reject(error);
      const returned = (handler as (event: unknown, context: unknown, callback: Callback) => unknown)(
        event,
        context,
        callback,
      );
      if (typeof returned === "object" && returned !== null && "then" in returned) resolve(returned);
    });
}

function notFound({ url, export: path }: Handler, exports: Namespace, found: unknown): LoadProblem {
  const names = Object.keys(exports).filter((name) => name !== "module.exports");
  const has = names.length === 0 ? "nothing" : names.join(", ");
  const what = found === undefined ? "has no" : "has no function as";
  return {
    errorType: "Runtime.HandlerNotFound",
    errorMessage: `${basename(fileURLToPath(url))} ${what} export "${path}"; it exports ${has}`,
    stackTrace: [],
  };
}
