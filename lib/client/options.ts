/** The client's options, read once. */
import { clientError } from "./errors.ts";
import type { SigningKey } from "./form.ts";

export interface ClientOptions {
  /** Scheme, host and port: `http://127.0.0.1:8787`. */
  readonly endpoint: string;
  /** Key and secret sign each request; without them requests are not signed. */
  readonly accessKeyId?: string | undefined;
  readonly accessKeySecret?: string | undefined;
  /** Of a temporary key. */
  readonly securityToken?: string | undefined;
  /** How long one attempt may take; 30,000 when absent. */
  readonly timeoutMs?: number | undefined;
  /** How often a call is repeated at most; 3 when absent, 0 for never. */
  readonly retries?: number | undefined;
}

/** What timers can count to. */
const MOST_MS = 2 ** 31 - 1;

/** The endpoint, which has no path (api.md §1). Throws StepwellApiError `InvalidArgument`, as all of these do. */
export function readEndpoint({ endpoint }: ClientOptions): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const plain = url && url.pathname === "/" && url.search + url.hash + url.username + url.password === "";
  if (url && plain && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw wrong(`endpoint ${JSON.stringify(endpoint)} must be scheme, host and port, such as http://127.0.0.1:8787.`);
}

export function readKey(options: ClientOptions): SigningKey | undefined {
  const { accessKeyId, accessKeySecret, securityToken } = options;
  if (accessKeyId !== undefined && accessKeySecret !== undefined) {
    return { accessKeyId, accessKeySecret, securityToken };
  }
  if (accessKeyId === undefined && accessKeySecret === undefined && securityToken === undefined) return undefined;
  throw wrong("accessKeyId and accessKeySecret go together (and securityToken with both): give both, or none.");
}

export function readTimeout({ timeoutMs = 30_000 }: ClientOptions): number {
  if (timeoutMs > 0 && timeoutMs <= MOST_MS) return timeoutMs;
  throw wrong(`timeoutMs ${timeoutMs} must be above 0, and at most ${MOST_MS}.`);
}

export function readRetries({ retries = 3 }: ClientOptions): number {
  if (Number.isInteger(retries) && retries >= 0) return retries;
  throw wrong(`retries ${retries} must be a whole number from 0.`);
}

function wrong(message: string) {
  return clientError("InvalidArgument", message);
}
