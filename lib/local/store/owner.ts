/**
 * Who works on a directory. Its record stands in the store itself and is taken in LMDB's write transaction, which only
 * one process of the machine can be in: there is no moment between looking and taking, as there is with a lock file. A
 * record outlives a process that was killed; so it says enough of the process to tell that it is gone, also when its pid
 * has gone to another one.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

export interface Owner {
  readonly pid: number;
  /** Unique for each process: in a restarted container the same pid is another process. */
  readonly process: string;
  /** When the process started, as the system counts it; absent where the system does not say (no /proc). */
  readonly started?: string;
}

const THIS_PROCESS = randomUUID();

/** This process. */
export function thisOwner(): Owner {
  const started = inspect(process.pid)?.started;
  return { pid: process.pid, process: THIS_PROCESS, ...(started === undefined ? {} : { started }) };
}

/** Whether the process that the record names still runs. */
export function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid) return owner.process === THIS_PROCESS;
  if (!exists(owner.pid)) return false;
  const now = inspect(owner.pid);
  if (now === undefined) return true;
  return !now.ended && (owner.started === undefined || owner.started === now.started);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** What Linux says of a process. `ended`: it is only kept for its parent to ask how it ended. */
function inspect(pid: number): { readonly started: string; readonly ended: boolean } | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may hold spaces and parentheses; what follows it does not.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state = "", started = ""] = [fields[0], fields[19]];
    return { started: `${boot} ${started}`, ended: state === "Z" || state === "X" };
  } catch {
    return undefined;
  }
}
