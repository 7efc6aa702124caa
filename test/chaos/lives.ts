/** A server that is killed and started again, and a client of its API that outlasts that. */
import { type ServerOptions, type ServerProcess, startServer } from "./server-process.ts";

export interface Answer {
  /** Of a refusal. */
  readonly Code?: string;
  readonly Message?: string;
  readonly [field: string]: unknown;
}

export interface Lives {
  /** From start to ready of each life that came so far, ms. */
  readonly starts: readonly number[];
  /** What went wrong with a server that was not killed. */
  readonly faults: readonly string[];
  /** Starts the server; resolves when it answers. */
  begin(): Promise<void>;
  /** SIGKILL, also before it is ready. Resolves when it is gone. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Calls an action until there is an answer; while the server is down it waits for the next life. Rejects once `end` was called. */
  call(action: string, parameters: Readonly<Record<string, string>>): Promise<Answer>;
  /** The same, once: rejects when the server goes away over it. */
  callOnce(action: string, parameters: Readonly<Record<string, string>>): Promise<Answer>;
  /** No life follows: kills the server. */
  end(): Promise<void>;
}

const VERSION = "2019-03-15";

export function lives(options: ServerOptions): Lives {
  const starts: number[] = [];
  const faults: string[] = [];
  let server: ServerProcess | undefined;
  let up = Promise.withResolvers<void>();
  let isUp = false;
  let ended = false;

  async function watch(one: ServerProcess): Promise<void> {
    const { signal, complaints } = await one.gone;
    if (signal !== "SIGKILL") faults.push(`the server ended by itself: ${complaints}`);
    else if (complaints !== "") faults.push(`the server complained: ${complaints}`);
  }

  async function kill(): Promise<void> {
    const dying = server;
    server = undefined;
    // Those who wait for a life that ends before it is ready wait for the next one.
    if (isUp) up = Promise.withResolvers();
    isUp = false;
    dying?.signal("SIGKILL");
    await dying?.gone;
  }

  async function callOnce(action: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${options.port}/`, {
      method: "POST",
      body: new URLSearchParams({ Action: action, Version: VERSION, ...parameters }),
    });
    return (await response.json()) as Answer;
  }

  return {
    starts,
    faults,
    async begin() {
      const one = startServer(options);
      server = one;
      void watch(one);
      try {
        starts.push(await one.ready);
      } catch (error) {
        if (server !== one) return; // it was killed before
        throw error;
      }
      if (server !== one) return;
      isUp = true;
      up.resolve();
    },
    kill,
    signal: (name) => server?.signal(name),
    async call(action, parameters) {
      for (;;) {
        await up.promise;
        if (ended) throw new Error("no server follows");
        try {
          return await callOnce(action, parameters);
        } catch (error) {
          // It was killed over it; `up` is that of its next life as soon as that is known here.
          if (!(error instanceof TypeError)) throw error;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    },
    callOnce,
    async end() {
      ended = true;
      await kill();
      up.resolve();
    },
  };
}
