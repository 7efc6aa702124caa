/**
 * Watches single files for changes. What is watched is their folders: an editor that saves puts a new file in the place
 * of the old one, and a file that is not there yet may come. Folders are not watched recursively: node_modules, data
 * and other programs lie in them.
 */
import { existsSync, type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { fileStamp } from "./file-stamp.ts";

export interface FileWatch {
  /** Watches a file that had this stamp (fileStamp) when it was read; a change since then counts. */
  add(path: string, stamp: string): void;
  /** Forgets all files but these. */
  keep(paths: ReadonlySet<string>): void;
  close(): void;
}

export interface FileWatchOptions {
  /** Files were changed, made or removed; a burst of changes is told once. */
  onChange(paths: readonly string[]): void;
  /** A folder cannot be watched. */
  onProblem(error: Error): void;
}

/** Changes that follow each other faster are one burst, ms: an editor or a compiler writes its files. */
const QUIET_MS = 60;

export function watchFiles({ onChange, onProblem }: FileWatchOptions): FileWatch {
  const stamps = new Map<string, string>();
  /** By folder: its watcher, and for each name in it the files that a change of that name may concern. */
  const folders = new Map<string, { readonly watcher: FSWatcher; readonly names: Map<string, Set<string>> }>();
  const touched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function touch(paths: Iterable<string>): void {
    for (const path of paths) touched.add(path);
    clearTimeout(timer);
    timer = setTimeout(tell, QUIET_MS);
  }

  function tell(): void {
    const changed = [...touched].filter((path) => {
      const known = stamps.get(path);
      if (known === undefined) return false;
      // Its folder may have just come.
      if (!folders.has(dirname(path))) look(path);
      const stamp = fileStamp(path);
      if (known === stamp) return false;
      stamps.set(path, stamp);
      return true;
    });
    touched.clear();
    if (changed.length > 0) onChange(changed);
  }

  function look(path: string): void {
    // The nearest folder that is there.
    let name = path;
    while (!existsSync(dirname(name)) && dirname(name) !== name) name = dirname(name);
    const folder = dirname(name);
    const names = folders.get(folder)?.names ?? open(folder);
    const files = names?.get(basename(name)) ?? new Set();
    names?.set(basename(name), files.add(path));
  }

  function open(folder: string): Map<string, Set<string>> | undefined {
    const names = new Map<string, Set<string>>();
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (existsSync(folder)) {
          touch(name === null ? stamps.keys() : (names.get(name) ?? []));
          return;
        }
        // The folder is gone: a new one of that name needs a new watcher.
        watcher.close();
        if (folders.get(folder)?.watcher === watcher) folders.delete(folder);
        const lost = [...names.values()].flatMap((paths) => [...paths]);
        for (const path of lost) look(path);
        touch(lost);
      });
      watcher.on("error", onProblem);
      folders.set(folder, { watcher, names });
      return names;
    } catch (error) {
      onProblem(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  return {
    add(path, stamp) {
      stamps.set(path, stamp);
      look(path);
      if (fileStamp(path) !== stamp) touch([path]);
    },
    keep(paths) {
      for (const path of stamps.keys()) if (!paths.has(path)) stamps.delete(path);
      const used = new Set<string>();
      for (const [folder, { names }] of folders) {
        for (const [name, files] of names) {
          for (const path of files) if (!stamps.has(path)) files.delete(path);
          if (files.size === 0) names.delete(name);
        }
        if (names.size > 0) used.add(folder);
      }
      for (const [folder, { watcher }] of folders) {
        if (used.has(folder)) continue;
        watcher.close();
        folders.delete(folder);
      }
    },
    close() {
      clearTimeout(timer);
      for (const { watcher } of folders.values()) watcher.close();
      folders.clear();
      stamps.clear();
    },
  };
}
