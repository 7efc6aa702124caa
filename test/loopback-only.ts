/**
 * Runs before every test file (vitest.config.ts): whatever a tester has in the environment (a profile, credentials, a region),
 * nothing leads to the real AWS. Without an endpoint on loopback the override is a closed port, so that no SDK client may choose
 * AWS's own address; an endpoint anywhere else stops the test file; and a socket to anywhere else is refused before it opens.
 */
import { Socket } from "node:net";
import { cutOffAws, loopbackSettings, mustBeLoopback } from "./aws/guard.ts";

const endpoint = process.env.AWS_ENDPOINT_URL;
cutOffAws(process.env, endpoint === undefined ? undefined : loopbackSettings(endpoint).endpoint);

const connect = Socket.prototype.connect;
Socket.prototype.connect = function guarded(this: Socket, ...args: unknown[]): Socket {
  const host = hostOf(args) ?? "localhost";
  if (host !== "localhost") mustBeLoopback(host);
  return Reflect.apply(connect, this, args);
};

/** The host of `connect(options)`, `connect(port, host)`; undefined: none is said, or it is a socket in the file system. */
function hostOf([first, second]: readonly unknown[]): string | undefined {
  // Node's own callers hand over options and callback in one array.
  if (Array.isArray(first)) return hostOf(first);
  if (typeof first === "object" && first !== null && "host" in first) return first.host as string | undefined;
  return typeof second === "string" ? second : undefined;
}
