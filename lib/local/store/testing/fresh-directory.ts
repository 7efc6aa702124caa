/** Directories for tests, gone after them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface FreshDirectory {
  readonly path: string;
  remove(): void;
}

/** A new empty directory. */
export function freshDirectory(): FreshDirectory {
  const path = mkdtempSync(join(tmpdir(), "stepwell-store-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
