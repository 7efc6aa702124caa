/** What tells two states of a file apart without reading it; "" when it is not there. */
import { statSync } from "node:fs";

export function fileStamp(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}
