/** The machine that the figures are of. */
import { cpus, release, totalmem } from "node:os";

/** One line that stands above every report. */
export function machine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpus()[0]?.model}), ${memory} GB, ${process.platform} ${release()}, Node ${process.version}`;
}
