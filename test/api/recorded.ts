/**
 * Requests as the service's own SDKs send them, recorded from Python 2 and 3, Tea and Node clients (recorded.jsonl: one a
 * line). The keys in it are made up.
 */
import { readFileSync } from "node:fs";

export interface Recorded {
  readonly n: number;
  readonly action: string;
  readonly tag?: string;
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly rawHeaders: readonly string[];
  /** Latin1 text of its bytes. */
  readonly body: string;
}

export const recorded: readonly Recorded[] = readFileSync(new URL("recorded.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
