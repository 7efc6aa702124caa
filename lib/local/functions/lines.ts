/** Cuts what a function process prints into lines. */
import type { Readable } from "node:stream";

/** A line longer than this is cut: a process that prints without end of line must not fill our memory. */
const MAX_LINE = 64 * 1024;

/** Calls `onLine` for each line of the stream, and for what stands behind the last end of line when it ends. */
export function readLines(stream: Readable, onLine: (text: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    while (rest.length > MAX_LINE) {
      onLine(rest.slice(0, MAX_LINE));
      rest = rest.slice(MAX_LINE);
    }
  });
  stream.on("close", () => {
    if (rest !== "") onLine(rest);
    rest = "";
  });
}
