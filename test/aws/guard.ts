/**
 * Keeps tests away from the real AWS: SDK clients get an endpoint on loopback and dummy credentials, and a client that would
 * send anywhere else throws before it opens a connection. What resolves its settings by itself (a bundled handler, osls) is
 * cut off by `cutOffAws`.
 */
const DUMMY = { accessKeyId: "test", secretAccessKey: "test" } as const;

/** The region of all tests. */
export const REGION = "us-east-1";

/** The account that ministack says it is. */
export const ACCOUNT = "000000000000";

export interface LoopbackSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: typeof DUMMY;
}

/** Settings for any SDK client. Throws when the endpoint is missing or not on loopback. */
export function loopbackSettings(endpoint: string | undefined): LoopbackSettings {
  if (endpoint === undefined || endpoint === "") {
    throw new Error(
      "No endpoint: tests of lib/aws talk to an emulator (AWS_ENDPOINT_URL=http://127.0.0.1:PORT), never to AWS.",
    );
  }
  mustBeLoopback(new URL(endpoint).hostname);
  return { endpoint, region: REGION, credentials: DUMMY };
}

/** The part of an SDK client that the guard needs. */
interface Guardable {
  readonly middlewareStack: {
    add(middleware: unknown, options: unknown): void;
  };
}

/** Makes a client throw when it would send anywhere but loopback; returns the client. */
export function guarded<C extends Guardable>(client: C): C {
  const middleware = (next: (args: SendArgs) => unknown) => (args: SendArgs) => {
    mustBeLoopback(args.request.hostname);
    return next(args);
  };
  // Last before the request handler, after everything that may change the address.
  client.middlewareStack.add(middleware, {
    step: "finalizeRequest",
    priority: "low",
    name: "onlyLoopback",
    override: true,
  });
  return client;
}

interface SendArgs {
  readonly request: { readonly hostname: string };
}

/** Where nobody listens: the endpoint of tests that have no emulator. */
export const NOWHERE = "http://127.0.0.1:9";

/** Sets the process's environment so that a client made without settings reaches `endpoint`, and without one nothing at all. */
export function cutOffAws(environment: NodeJS.ProcessEnv, endpoint = NOWHERE): void {
  mustBeLoopback(new URL(endpoint).hostname);
  for (const name of Object.keys(environment)) if (/^AWS_/.test(name)) delete environment[name];
  Object.assign(environment, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: DUMMY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DUMMY.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    // No profile of the user's: it may name an endpoint, and credentials.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  });
}

/** Throws for a host that is not this machine's. */
export function mustBeLoopback(hostname: string): void {
  if (/^(127(\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname)) return;
  throw new Error(`A test would have sent to ${hostname}: only 127.0.0.1 is allowed.`);
}
