/**
 * The repository's serverless.yml, deployed into an emulator by osls as a user deploys it into an account: stack, uploads,
 * outputs. The examples' names are fixed, so an emulator has room for one deployment with examples.
 */
import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { call } from "../../flows/callback/report.ts";
import { signed } from "../../flows/callback/signed.ts";
import { buildExamples } from "../../scripts/build-examples.ts";
import { buildFunctions } from "../../scripts/build-functions.ts";
import { cutOffAws, loopbackSettings, REGION } from "./guard.ts";
import { type Ministack, ministack } from "./ministack.ts";

const root = join(import.meta.dirname, "../..");
const OSLS = join(root, "node_modules/osls/bin/serverless.js");

/** Parameters of serverless.yml. */
export type Params = { readonly [name: string]: string };

/** An emulator that lets each function do what its role may, as AWS does, and nothing else. */
export async function ministackWithPermissions(): Promise<Ministack> {
  // Its own switch, which it looks at when it starts.
  process.env.AUTH = "true";
  try {
    return await ministack();
  } finally {
    delete process.env.AUTH;
  }
}

/** osls without an emulator: for packages, which are made offline. */
export interface Packager {
  /** Packages with those keys of task tokens; without, as somebody does who forgot them. Resolves with the stack's template. */
  template(params: Params, keys?: string): Promise<string>;
  /** Removes the files that it wrote. */
  close(): Promise<void>;
}

export async function packager(): Promise<Packager> {
  const folder = await mkdtemp(join(tmpdir(), "stepwell-osls-"));
  const packaged = join(folder, "package");
  const built = await build(folder);
  return {
    async template(params, keys) {
      await osls(["package", ...options({ stage: "dev", packaged, built, params })], environment(keys));
      return readFile(join(packaged, "cloudformation-template-update-stack.json"), "utf8");
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Deployment {
  readonly stage: string;
  /** The stack's outputs by their names, as it is now. */
  outputs(): Promise<{ readonly [name: string]: string }>;
  /** A request to the API's function URL, signed. Rejects when it is refused, as report.ts says. */
  call(action: string, params?: { readonly [name: string]: string }): Promise<{ readonly [field: string]: unknown }>;
  /** The zip of an example's function, as it is among the built ones. */
  zipOf(name: string): Promise<Uint8Array>;
  /** Deploys again, with other parameters. */
  deploy(params: Params): Promise<void>;
  /** Removes the stack. (Table and bucket stay, as serverless.yml says.) */
  remove(): Promise<void>;
  /** Removes files. */
  close(): Promise<void>;
}

/** Throws before anything is started when `endpoint` is not on loopback. */
export async function deployed(endpoint: string, params: Params = {}): Promise<Deployment> {
  loopbackSettings(endpoint);
  const stage = `t${randomUUID().slice(0, 8)}`;
  const folder = await mkdtemp(join(tmpdir(), "stepwell-osls-"));
  const packaged = join(folder, "package");
  const env = environment(`test:${randomBytes(32).toString("base64")}`, endpoint);
  const built = await build(folder);

  async function deploy(params: Params): Promise<void> {
    await osls(["package", ...options({ stage, packaged, built, params })], env);
    await osls(["deploy", ...options({ stage, packaged, built, params })], env);
  }

  async function outputs() {
    const stack = { Action: "DescribeStacks", Version: "2010-05-15", StackName: `stepwell-${stage}` };
    // By the scope of its signature the emulator knows which service a request is for.
    const scope = `Credential=test/20261124/${REGION}/cloudformation/aws4_request`;
    const headers = { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` };
    const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams(stack), headers });
    const text = await answer.text();
    const pairs = text.matchAll(/<OutputKey>([^<]*)<\/OutputKey>\s*<OutputValue>([^<]*)<\/OutputValue>/g);
    return Object.fromEntries([...pairs].map(([, name, value]) => [name, value]));
  }

  try {
    await deploy(params);
    const { ApiLambdaFunctionUrl: url = "" } = await outputs();
    const send = signed(loopbackSettings(endpoint));
    return {
      stage,
      outputs,
      call: async (action, params = {}) => (await call(url, action, params, send)) as { [field: string]: unknown },
      zipOf: (name) => readFile(join(built, "examples", `${name}.zip`)),
      deploy,
      remove: () => osls(["remove", "--stage", stage, ...parameters({ built, ...params })], env),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The functions, in a folder that nobody else writes to. */
async function build(folder: string): Promise<string> {
  const built = join(folder, "built");
  await buildFunctions(built);
  await buildExamples(join(built, "examples"));
  return built;
}

interface Options {
  readonly stage: string;
  readonly packaged: string;
  readonly built: string;
  readonly params: Params;
}

function options({ stage, packaged, built, params }: Options): readonly string[] {
  return ["--stage", stage, "--package", packaged, ...parameters({ built, ...params })];
}

function parameters(params: Params): readonly string[] {
  return Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
}

/** Nothing of the user's AWS; without an endpoint, calls go nowhere. */
function environment(keys: string | undefined, endpoint?: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    SLS_TELEMETRY_DISABLED: "1",
    SLS_NOTIFICATIONS_MODE: "off",
    // How often it looks whether a stack is ready, ms: an emulator's is so at once.
    SLS_AWS_MONITORING_FREQUENCY: "100",
  };
  cutOffAws(env, endpoint);
  delete env.NODE_OPTIONS;
  delete env.STEPWELL_KEYS;
  if (keys !== undefined) env.STEPWELL_KEYS = keys;
  return env;
}

/** Rejects with what osls says. */
async function osls(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  loopbackSettings(env.AWS_ENDPOINT_URL);
  try {
    await promisify(execFile)(process.execPath, [OSLS, ...args], { cwd: root, env });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`osls ${args[0]} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
