/** The flows of a folder as they change: each look says what is new since the last one. */
import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { isFlowName } from "../../fdl/name.ts";
import { formatProblem, parseFlow } from "../../fdl/parse.ts";
import { flowNameOf } from "../flow-file.ts";
import { readText } from "../read-text.ts";
import { UsageError } from "../usage.ts";
import { findFlowFiles } from "./flow-files.ts";
import { isFlowText } from "./flow-text.ts";

export interface NamedFlow {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

export interface Changes {
  /** Valid, and new or changed: to be deployed. */
  readonly flows: readonly NamedFlow[];
  /** What people should know: problems in definitions, files that are gone, names that are taken. A line each. */
  readonly remarks: readonly string[];
  /** Files that could not be read, in words. */
  readonly unreadable: readonly string[];
  /** Folders whose changes matter. */
  readonly folders: readonly string[];
}

export interface FlowFolder {
  look(): Promise<Changes>;
  /** Files that are flows, valid or not. */
  count(): number;
}

export function flowFolder(folder: string): FlowFolder {
  /** What each file said when it was last looked at, flows only. */
  let known = new Map<string, string>();
  /** Whose file a flow's name is. */
  let owners = new Map<string, string>();
  let unread = new Set<string>();
  /** Names of the flows that were valid once. */
  const given = new Set<string>();

  /** The file's name, as everywhere; but many folders each have a `flow.yml`: there it is the folder's. */
  function nameOf(path: string): string {
    const name = flowNameOf(path);
    const within = dirname(resolve(path));
    return name === "flow" && within !== resolve(folder) ? basename(within) : name;
  }

  return {
    count: () => known.size,

    async look() {
      const { paths, folders } = await findFlowFiles(folder);
      const [flows, remarks, unreadable]: [NamedFlow[], string[], string[]] = [[], [], []];
      const [now, nowOwners, nowUnread] = [new Map<string, string>(), new Map<string, string>(), new Set<string>()];
      for (const path of paths) {
        const text = await read(path);
        if (text instanceof UsageError) {
          nowUnread.add(path);
          if (!unread.has(path)) unreadable.push(text.message);
          // What it said stands until it can be read again.
          const before = known.get(path);
          if (before !== undefined) keep(path, before);
          continue;
        }
        if (text === undefined || !(known.has(path) || isFlowText(text))) continue;
        const name = nameOf(path);
        const mine = keep(path, text);
        if (known.get(path) === text && (owners.get(name) === path) === mine) continue;
        if (!isFlowName(name)) {
          remarks.push(
            `${path}: "${name}" is no name for a flow: call the file by letters, digits, "_" and "-", not beginning with a digit or "-"`,
          );
        } else if (!mine) {
          remarks.push(`${path}: flow "${name}" is that of ${nowOwners.get(name)}: give one of the files another name`);
        } else {
          const { flow, problems } = parseFlow(text);
          remarks.push(...problems.map((problem) => formatProblem(problem, path)));
          if (flow === undefined) continue;
          flows.push({ name, path, text });
          given.add(name);
        }
      }
      for (const path of known.keys()) {
        const name = nameOf(path);
        if (now.has(path) || nowOwners.has(name) || owners.get(name) !== path || !given.has(name)) continue;
        remarks.push(`${path} is gone; flow "${name}" stays as it was`);
      }
      [known, owners, unread] = [now, nowOwners, nowUnread];
      return { flows, remarks, unreadable, folders };

      /** True when the flow's name is this file's: the first file has it. */
      function keep(path: string, text: string): boolean {
        const name = nameOf(path);
        now.set(path, text);
        if (!nowOwners.has(name)) nowOwners.set(name, path);
        return nowOwners.get(name) === path;
      }
    },
  };
}

/** Undefined: it is no file, or not there any more. */
async function read(path: string): Promise<string | UsageError | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined || status.isDirectory()) return undefined;
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}
