/**
 * The functions of a project folder for a runtime that stays: a functions module or a serverless.yml, in child processes,
 * loaded anew when their code changes. Executions go on meanwhile: attempts end on the code that they began on, and code
 * that cannot be loaded does not take the place of code that works.
 */
import { dirname, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { callsOf } from "./calls.ts";
import { type ChildFunctions, type ChildFunctionsOptions, poolOptions } from "./child-functions.ts";
import type { Edition, Problems } from "./edition.ts";
import { fileStamp } from "./file-stamp.ts";
import type { FunctionSource } from "./find-functions.ts";
import { moduleEdition } from "./module-edition.ts";
import type { LoadProblem } from "./protocol.ts";
import { type FileWatch, watchFiles } from "./watch-files.ts";

export interface LocalFunctions extends ChildFunctions {
  /** The names of the functions there are now; empty until `problem` has resolved. */
  names(): readonly string[];
}

export interface LocalFunctionsOptions extends Omit<ChildFunctionsOptions, "module"> {
  readonly source: FunctionSource;
  /** Load the functions anew when a file changes that they were loaded from. */
  readonly watch?: boolean;
  /** What the user wants to know of a reload, and of what was left out of a serverless.yml. */
  readonly onReload?: (text: string) => void;
}

/** Starts the first function processes at once. */
export function localFunctions(options: LocalFunctionsOptions): LocalFunctions {
  const { source, onReload = () => {}, memoryMb } = options;
  const folder = dirname(source.path);
  const changes = new Set<string>();
  /** Told once, not at every reload. */
  const warned = new Set<string>();
  /** Editions besides the current one: that is being loaded, or that still has attempts. */
  const others = new Set<Edition>();
  let closed = false;
  let reloading = false;
  const files: FileWatch | undefined =
    options.watch === true
      ? watchFiles({
          onChange(paths) {
            for (const path of paths) changes.add(path);
            if (!reloading) void reloadAll();
          },
          onProblem: (error) => onReload(`changes of the functions are not seen: ${error.message}; restart after one`),
        })
      : undefined;

  /** With the paths that it has loaded, so far. */
  async function open(): Promise<Edition & { readonly paths: ReadonlySet<string> }> {
    const paths = new Set([source.path]);
    files?.add(source.path, fileStamp(source.path));
    const pools = {
      ...poolOptions(options),
      // Where they find their files, as on Lambda.
      cwd: folder,
      reportFiles: files !== undefined,
      file(path: string, stamp: string) {
        if (closed || paths.has(path)) return;
        paths.add(path);
        files?.add(path, stamp);
      },
    };
    if (source.kind === "module") {
      const edition = moduleEdition({
        ...pools,
        url: pathToFileURL(source.path).href,
        memoryMb: memoryMb ?? 256,
        strict: true,
      });
      return { ...edition, paths };
    }
    const { serverlessEdition } = await import("./serverless/edition.ts");
    const edition = serverlessEdition({
      ...pools,
      path: source.path,
      ...(memoryMb === undefined ? {} : { memoryMb }),
      warn(text) {
        if (!warned.has(text)) onReload(text);
        warned.add(text);
      },
    });
    return { ...edition, paths };
  }

  let current: Edition | Promise<Edition> = open();
  const first = current;
  void first.then((edition) => {
    if (current === first) current = edition;
  });

  async function reloadAll(): Promise<void> {
    reloading = true;
    while (changes.size > 0 && !closed) {
      const paths = [...changes].map((path) => relative(folder, path)).sort();
      changes.clear();
      await reload(`${[...new Set(paths)].join(", ")} changed`);
    }
    reloading = false;
  }

  async function reload(why: string): Promise<void> {
    const before = await current;
    const had = (await before.loaded).problems;
    const next = await open();
    others.add(next);
    const { problems } = await next.loaded;
    // While it was loaded, something changed again or all was closed: this one is old already.
    const worse = closed || changes.size > 0 ? new Map() : worsened(had, problems);
    if (closed || changes.size > 0 || worse.size > 0) {
      if (worse.size > 0) onReload(`${why}, but the code from before still runs: ${textOf(worse)}`);
      await next.close();
      others.delete(next);
      return;
    }
    current = next;
    others.delete(next);
    others.add(before);
    files?.keep(next.paths);
    const what = problems.has("") ? "the functions cannot be loaded" : "functions reloaded";
    onReload(problems.size === 0 ? `${why}: ${what}` : `${why}: ${what}; ${textOf(problems)}`);
    void before
      .drained()
      .then(() => before.close())
      .then(() => others.delete(before));
  }

  const calls = callsOf({ edition: () => current, report: options.report });
  return {
    ...calls,
    names: () => (current instanceof Promise ? [] : current.names()),
    async problem() {
      const { problems } = await (await current).loaded;
      return problemOf(problems);
    },
    async close() {
      closed = true;
      files?.close();
      calls.close();
      await Promise.all([...others, await current].map((edition) => edition.close()));
    },
  };
}

/** What worked before and does not work now. */
function worsened(before: Problems, now: Problems): Problems {
  if (before.has("")) return new Map();
  return new Map([...now].filter(([name]) => !before.has(name)));
}

function textOf(problems: Problems): string {
  return [...new Set([...problems.values()].map(({ errorMessage }) => errorMessage))].join("; ");
}

function problemOf(problems: Problems): LoadProblem | undefined {
  const [first] = problems.values();
  return first === undefined ? undefined : { ...first, errorMessage: textOf(problems) };
}
