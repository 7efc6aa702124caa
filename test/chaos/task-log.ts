/** What the task functions noted (functions.fixture.ts). */
import { closeSync, existsSync, openSync, readSync } from "node:fs";

export interface BeginNote {
  readonly kind: "begin";
  readonly attemptId: string;
  readonly execution: string;
  readonly step: string;
  readonly n: number;
  readonly retryCount: number;
  readonly at: number;
  /** pid of the server that ran it. */
  readonly server: number;
}

export interface TokenNote {
  readonly kind: "token";
  readonly token: string;
  readonly n: number;
}

export type Note = BeginNote | TokenNote | { readonly kind: "end"; readonly attemptId: string; readonly at: number };

export interface TaskLog {
  /** All notes so far. */
  readonly notes: readonly Note[];
  /** Reads what came since; returns it. */
  read(): readonly Note[];
}

export function taskLog(path: string): TaskLog {
  const notes: Note[] = [];
  let offset = 0;
  let rest = "";
  return {
    notes,
    read() {
      if (!existsSync(path)) return [];
      const fresh: Note[] = [];
      const file = openSync(path, "r");
      const chunk = Buffer.alloc(1 << 20);
      for (let count = -1; count !== 0; ) {
        count = readSync(file, chunk, 0, chunk.length, offset);
        offset += count;
        const lines = (rest + chunk.toString("utf8", 0, count)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) fresh.push(JSON.parse(line) as Note);
      }
      closeSync(file);
      notes.push(...fresh);
      return fresh;
    },
  };
}
