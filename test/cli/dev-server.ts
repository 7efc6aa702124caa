/** `stepwell dev` as a process of its own, for tests: started, spoken to over HTTP, ended. */
import { spawn } from "node:child_process";

export interface DevProcess {
  readonly pid: number;
  /** Resolves with the first match in all that it has printed, and will print. Rejects when it ends without. */
  seen(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The HTTP endpoint, once it is ready. */
  endpoint(): Promise<string>;
  /** An operation of the API; throws what it answers if that is an error. */
  call(action: string, params?: { readonly [name: string]: string }): Promise<Answer>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended, with its exit code or the signal that it died of. */
  readonly ended: Promise<number | string | null>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export interface Answer {
  readonly [name: string]: unknown;
}

/** Starts it; `args` come after `dev`, ports are free ones. No file may become larger than `fileKilobytes`, as on a full disk. */
export function startDev(
  launcher: string,
  cwd: string,
  args: readonly string[] = [],
  { fileKilobytes }: { readonly fileKilobytes?: number } = {},
): DevProcess {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const ports = ["--port", "0", "--topics-port", "0"].filter(
    (_one, i) => !args.includes(i < 2 ? "--port" : "--topics-port"),
  );
  const limit = ["/bin/bash", "-c", `ulimit -f ${fileKilobytes}; exec "$0" "$@"`];
  const command = [...(fileKilobytes === undefined ? [] : limit), process.execPath, launcher, "dev", ...ports, ...args];
  const child = spawn(command[0] ?? "", command.slice(1), { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { all: "", stdout: "", stderr: "" };
  const lookers = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
      text.all += chunk;
      for (const look of lookers) look();
    });
  }
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });

  function seen(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = text.all.match(pattern);
        if (match === null) return;
        lookers.delete(look);
        resolve(match);
      };
      lookers.add(look);
      look();
      void ended.then((code) => reject(new Error(`ended with ${code} without ${pattern}:\n${text.all}`)));
    });
  }

  async function endpoint(): Promise<string> {
    await seen(/^ready in \d+ ms/m);
    return (await seen(/^HTTP +(\S+)$/m))[1] ?? "";
  }

  return {
    pid: child.pid ?? 0,
    seen,
    endpoint,
    async call(action, params = {}) {
      const body = new URLSearchParams({ Action: action, Version: "2019-03-15", ...params });
      const response = await fetch(await endpoint(), { method: "POST", body });
      const answer = (await response.json()) as Answer;
      if (!response.ok) throw Object.assign(new Error(String(answer.Message)), { code: answer.Code });
      return answer;
    },
    kill: (signal) => void child.kill(signal),
    ended,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
  };
}
