/** Keeps the store's flows, and the functions, as the folder has them. */
import { StepwellError } from "../../fdl/errors.ts";
import { deployFlow } from "../../runtime/index.ts";
import type { Changes, FlowFolder, NamedFlow } from "./flow-folder.ts";
import { watchFolders } from "./folder-watch.ts";
import type { DevFunctions } from "./functions.ts";
import type { DevServer } from "./server.ts";
import type { DevView } from "./view.ts";

export interface FollowOptions {
  readonly flows: FlowFolder;
  readonly server: DevServer;
  readonly functions: DevFunctions;
  readonly view: DevView;
  describe(functions: DevFunctions): Promise<string>;
}

export interface Following {
  /** Deploys what the first look has found; returns the names of the flows that can be started. */
  start(first: Changes): Promise<readonly string[]>;
  /** From now on follows what changes, in these folders first. */
  follow(folders: readonly string[]): void;
  close(): void;
}

export function followFlows({ flows, server, functions, view, describe }: FollowOptions): Following {
  const { ports } = server.runtime;
  let closed = false;
  /** One look at a time. */
  let looking: Promise<void> = Promise.resolve();
  const watch = watchFolders({
    onChange: again,
    onError: (folder, error) => view.say(`changes in ${folder} are not seen: ${error.message}`),
  });

  function again(): void {
    looking = looking.then(look).catch((error: unknown) => {
      if (!closed) view.say(`changes could not be taken over: ${error instanceof Error ? error.message : error}`);
    });
  }

  async function look(): Promise<void> {
    if (closed) return;
    const { flows: changed, remarks, unreadable, folders } = await flows.look();
    for (const text of [...unreadable, ...remarks]) view.say(text);
    for (const flow of changed) await redeploy(flow);
    if (watch.follow(folders)) again();
    if (await functions.look()) view.say(`functions: ${await describe(functions)}`);
  }

  async function redeploy(flow: NamedFlow): Promise<void> {
    const deployed = await deploy(flow);
    if (deployed === undefined) return;
    await server.durable();
    const { revision, isNew } = deployed;
    const what = `${flow.path}: flow "${flow.name}"`;
    if (!isNew) view.say(`${what} is revision ${revision} again`);
    else if (revision === 1) view.say(`${what} is new`);
    else view.say(`${what} has revision ${revision} now; executions that run keep theirs`);
  }

  /** The flow's revision, and whether it was made for that; undefined when the definition was refused, which is told. */
  async function deploy({ name, path, text }: NamedFlow) {
    try {
      const before = await ports.journal.readFlow(name);
      const { flowId, revision } = await deployFlow(ports, { name, definition: text });
      return { revision, isNew: before?.flowId !== flowId || before.revision !== revision };
    } catch (error) {
      // For example a flow that was made over HTTP in another mode.
      if (!(error instanceof StepwellError) || error.code !== "InvalidArgument") throw error;
      view.say(`${path}: ${error.message}`);
      return undefined;
    }
  }

  return {
    async start({ flows: found, remarks }) {
      for (const text of remarks) view.say(text);
      const names: string[] = [];
      for (const flow of found) if ((await deploy(flow)) !== undefined) names.push(flow.name);
      return names.toSorted();
    },
    follow(folders) {
      if (watch.follow(folders)) again();
    },
    close() {
      closed = true;
      watch.close();
    },
  };
}
