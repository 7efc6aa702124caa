/** Tells when something changes in some folders. Each is watched by itself: what is in folders below is not its change. */
import { type FSWatcher, statSync, watch } from "node:fs";

export interface FolderWatchOptions {
  /** Something may be different. Changes that come close together are one. */
  onChange(): void;
  /** A folder cannot be watched, for example because the system's watches are used up. */
  onError(folder: string, error: Error): void;
}

export interface FolderWatch {
  /** Watches these folders and no others. Returns true when some were not watched before: what changed in them just now was not seen. */
  follow(folders: readonly string[]): boolean;
  close(): void;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly inode: number;
}

/** Editors save in several steps: write a new file, move the old one away, rename. ms */
const SETTLE_MS = 50;

export function watchFolders({ onChange, onError }: FolderWatchOptions): FolderWatch {
  const watchers = new Map<string, Watched>();
  const refused = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function changed(): void {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
  }

  function start(folder: string): boolean {
    try {
      const inode = statSync(folder).ino;
      const watcher = watch(folder, changed);
      // The folder is gone: it is watched anew when it is back.
      watcher.on("error", changed);
      watchers.set(folder, { watcher, inode });
      refused.delete(folder);
      return true;
    } catch (error) {
      if (error instanceof Error && !isMissing(error) && !refused.has(folder)) {
        refused.add(folder);
        onError(folder, error);
      }
      return false;
    }
  }

  return {
    follow(folders) {
      for (const [folder, { watcher, inode }] of watchers) {
        // Another folder may have taken the place of the one that is watched.
        if (folders.includes(folder) && statSync(folder, { throwIfNoEntry: false })?.ino === inode) continue;
        watcher.close();
        watchers.delete(folder);
      }
      return folders.filter((folder) => !watchers.has(folder) && start(folder)).length > 0;
    },
    close() {
      clearTimeout(timer);
      for (const { watcher } of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function isMissing(error: Error): boolean {
  return "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
