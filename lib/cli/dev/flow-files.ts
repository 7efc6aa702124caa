/** The YAML files that may hold flows: those of a folder itself, and all under its folder `flows`. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";

export interface FlowFiles {
  /** In the order of their paths, which begin with the folder as it was given. */
  readonly paths: readonly string[];
  /** The folders looked at: where a change may mean another flow. */
  readonly folders: readonly string[];
}

/** Finds them. A folder that vanishes meanwhile has no files. */
export async function findFlowFiles(folder: string): Promise<FlowFiles> {
  const paths: string[] = [];
  const folders: string[] = [];

  async function look(path: string, deep: boolean): Promise<void> {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) return;
    folders.push(path);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) {
        if (deep && entry.name !== "node_modules" && !entry.name.startsWith(".")) await look(inside, true);
      } else if (/\.ya?ml$/i.test(entry.name)) {
        paths.push(inside);
      }
    }
  }

  await look(folder, false);
  await look(join(folder, "flows"), true);
  return { paths, folders };
}
