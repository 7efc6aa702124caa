/** The executions that the chaos runs start, and what must come of each, computed here and not by the engine. */

export interface Work {
  readonly flow: string;
  readonly name: string;
  readonly input: object;
  readonly status: "Succeeded" | "Failed" | "Stopped";
  /** Of one that succeeds. */
  readonly output?: object;
}

type Kind = (n: number) => Omit<Work, "flow" | "name">;

const succeeds = (input: object, output: object) => ({ input, output, status: "Succeeded" }) as const;

/** By flow (flows/*.yml). */
const KINDS: { readonly [flow: string]: Kind } = {
  chain: (n) => succeeds({ n }, { square: n * n, next: n + 1, sum: n * n + 6 }),
  nap: (n) => succeeds({ n }, { square: n * n, sum: n * n }),
  ask: (n) => succeeds({ n }, { answer: answerTo(n), sum: answerTo(n) + 1 }),
  each: (n) => {
    const items = Array.from({ length: 1 + (n % 7) }, (_, index) => n + index);
    const squares = items.map((item) => item * item);
    return succeeds({ items }, { squares, sum: squares.reduce((sum, one) => sum + one, 0) });
  },
  family: (n) => succeeds({ n }, { sum: n + 10, childsum: n * n }),
  fork: (n) => succeeds({ n }, { square: n * n, answer: answerTo(n) }),
  undo: (n) => ({ input: { n }, status: "Failed" }),
  bulk: (n) => succeeds({ n }, { length: 70_000 + n }),
  heavy: (n) => succeeds({ n }, { length: 50_000 + n }),
};

/** What is reported to a task that asks with `n`. */
export function answerTo(n: number): number {
  return 3 * n + 1;
}

export const FLOWS: readonly string[] = Object.keys(KINDS);

/** Execution number `n` of a flow; of all in turn when none is given. */
export function workOf(n: number, flow: string = FLOWS[n % FLOWS.length] ?? ""): Work {
  const kind = KINDS[flow];
  if (kind === undefined) throw new Error(`there is no flow ${flow}`);
  return { flow, name: `${flow}-${n}`, ...kind(n) };
}
