/** Written together what comes together: under load a line of progress must not cost a system call of its own. */

export interface LineWriter {
  line(text: string): void;
  /** Writes what is left. */
  flush(): void;
}

export function lineWriter(write: (text: string) => void): LineWriter {
  let pending: string[] = [];
  let turn: NodeJS.Immediate | undefined;

  function flush(): void {
    clearImmediate(turn);
    turn = undefined;
    if (pending.length === 0) return;
    const text = pending.join("\n");
    pending = [];
    write(`${text}\n`);
  }

  return {
    line(text) {
      pending.push(text);
      turn ??= setImmediate(flush);
    },
    flush,
  };
}
