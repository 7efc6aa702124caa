/** Stepwell, measured as users run it: `stepwell dev` on a folder, in a process of its own, driven over HTTP. */
import { join } from "node:path";
import { commitsOf } from "./commits.ts";
import { writeProject } from "./project.ts";
import { startProcess } from "./started.ts";
import type { Kind, System } from "./system.ts";
import { temporaryFolder } from "./temporary.ts";
import { tokenDesk, web } from "./web.ts";

export interface StepwellOptions {
  /** The command's file. */
  readonly program: string;
  /** Folder for project and data, kept; when not given a new one that is removed at the end. */
  readonly folder?: string;
  /** Options for Node, such as `--cpu-prof`. */
  readonly node?: readonly string[];
}

export interface Stepwell extends System {
  readonly pid: number;
  /** Where its store is. */
  readonly store: string;
  /** Starts an execution of any flow of project.ts. */
  startFlow(flow: string, key: string): Promise<void>;
  /** Starts one of a flow that waits for a callback; resolves with the token when its step has been handed it. */
  token(flow: string, key: string): Promise<string>;
  /** One DescribeExecution; resolves with the status. `waitSeconds`: long poll. */
  describe(flow: string, key: string, waitSeconds: number): Promise<string>;
}

/** Starts it and waits until it is ready. */
export async function startStepwell(options: StepwellOptions): Promise<Stepwell> {
  const { path: folder, remove } =
    options.folder === undefined ? temporaryFolder("stepwell-bench-") : { path: options.folder, remove: () => {} };
  writeProject(folder);
  const command = ["dev", folder, "--port", "0", "--topics-port", "0", "--data", join(folder, "data"), "--quiet"];
  const server = startProcess(process.execPath, [...(options.node ?? []), options.program, ...command], {
    cwd: folder,
    env: { NODE_ENV: "production" },
  });
  const url = await server.line(/HTTP\s+(http:\S+)/);
  await server.line(/^ready/m);
  const client = web();
  const desk = await tokenDesk();
  const store = join(folder, "data", "store");

  async function call(method: "GET" | "POST", action: string, query: Parameters, form?: Parameters): Promise<Answer> {
    const search = new URLSearchParams({ Action: action, Version: "2019-03-15", Format: "JSON", ...query });
    const body =
      form === undefined
        ? undefined
        : { type: "application/x-www-form-urlencoded", text: new URLSearchParams(form).toString() };
    return JSON.parse(await client.send(method, `${url}/?${search}`, body));
  }

  /** Starts an execution and waits for its end for so many seconds; resolves with its status then. */
  async function start(flow: string, key: string, waitSeconds: number): Promise<string> {
    const Input = JSON.stringify({ key, desk: desk.url });
    const form = { FlowName: flow, ExecutionName: key, Input, WaitTimeSeconds: String(waitSeconds) };
    return (await call("POST", "StartExecution", {}, form)).Status;
  }

  async function startFlow(flow: string, key: string): Promise<void> {
    await start(flow, key, 0);
  }

  async function describe(flow: string, key: string, waitSeconds: number): Promise<string> {
    const query = { FlowName: flow, ExecutionName: key, WaitTimeSeconds: String(waitSeconds) };
    return (await call("GET", "DescribeExecution", query)).Status;
  }

  async function succeeded(flow: string, key: string, first = "Running"): Promise<void> {
    let status = first;
    while (status === "Running") status = await describe(flow, key, 60);
    if (status !== "Succeeded") throw new Error(`Execution ${key} of flow ${flow} ended as ${status}.`);
  }

  async function token(flow: string, key: string): Promise<string> {
    const posted = desk.token(key);
    await startFlow(flow, key);
    return posted;
  }

  return {
    name: "stepwell",
    pid: server.pid,
    store,
    groups: { server: [server.pid] },
    startFlow,
    token,
    describe,
    // One request, as Restate's is.
    async run(kind: Kind, key) {
      await succeeded(kind, key, await start(kind, key, 60));
    },
    async start(kind: Kind, key) {
      await startFlow(kind, key);
      return `${kind} ${key}`;
    },
    async wait(handle) {
      const [flow = "", key = ""] = handle.split(" ");
      await succeeded(flow, key);
    },
    async callback(key) {
      return { token: await token("cb", key), done: succeeded("cb", key) };
    },
    async answer(token) {
      await call("POST", "ReportTaskSucceeded", { TaskToken: token }, { Output: "{}" });
    },
    commits: () => commitsOf(store),
    async stop() {
      client.close();
      desk.close();
      await server.stop();
      remove();
    },
  };
}

type Parameters = { readonly [name: string]: string };

interface Answer {
  readonly Status: string;
}
