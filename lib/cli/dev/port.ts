/** A port on the command line. */
import { UsageError } from "../usage.ts";

/** `0` to `65535`; 0 is any free port. Throws UsageError. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError("a port is a number from 0 (any free one) to 65535");
  return port;
}
