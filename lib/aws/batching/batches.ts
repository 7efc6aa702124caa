/**
 * Calls that are made at about the same time, sent together: up to `maxEntries` and `maxBytes` a batch. What waits alone does
 * not wait: it goes at the end of the turn of the event loop in which it came. Each caller gets the outcome of its own entry.
 */

export interface BatchesOptions<Entry> {
  /** Most entries that a batch takes. */
  readonly maxEntries: number;
  /** Most bytes that a batch takes; an entry that is larger goes alone. Absent: no limit. */
  readonly maxBytes?: number;
  readonly bytesOf?: (entry: Entry) => number;
  /** Sends a batch. Resolves with the outcome of each entry in their order (undefined: it succeeded); rejects when the whole batch failed. */
  readonly send: (entries: readonly Entry[]) => Promise<readonly (Error | undefined)[]>;
  readonly linger?: Linger;
}

/** When others are at work whose calls are likely to come, a batch waits a little for them. */
export interface Linger {
  readonly ms: number;
  /** How many are at work, the caller included: a batch of that many waits no longer. */
  readonly company: () => number;
}

/** Resolves when the entry was sent and succeeded; rejects with its own error, or its batch's. */
export type Batched<Entry> = (entry: Entry) => Promise<void>;

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function batches<Entry>(options: BatchesOptions<Entry>): Batched<Entry> {
  const { maxEntries, linger } = options;
  let waiting: Waiting<Entry>[] = [];
  /** A flush at the end of this turn, or, after it, the timer of a lingering one. */
  let turn: NodeJS.Immediate | undefined;
  let lingering: NodeJS.Timeout | undefined;

  function flush(): void {
    clearImmediate(turn);
    clearTimeout(lingering);
    turn = undefined;
    lingering = undefined;
    const all = waiting;
    waiting = [];
    for (const batch of split(all, options)) void sendBatch(batch, options.send);
  }

  /** Whoever is alone, or the last of those at work, has nobody to wait for. */
  function isComplete(): boolean {
    return linger === undefined || waiting.length >= linger.company();
  }

  function endOfTurn(): void {
    turn = undefined;
    if (isComplete()) flush();
    else lingering = setTimeout(flush, linger?.ms);
  }

  return (entry) =>
    new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      if (waiting.length >= maxEntries || (lingering !== undefined && isComplete())) flush();
      else if (lingering === undefined) turn ??= setImmediate(endOfTurn);
    });
}

/** In their order, each batch as full as it may be. */
function* split<Entry>(
  all: readonly Waiting<Entry>[],
  { maxEntries, maxBytes = Number.POSITIVE_INFINITY, bytesOf = () => 0 }: BatchesOptions<Entry>,
): Generator<readonly Waiting<Entry>[]> {
  let batch: Waiting<Entry>[] = [];
  let bytes = 0;
  for (const one of all) {
    const more = bytesOf(one.entry);
    if (batch.length === maxEntries || (batch.length > 0 && bytes + more > maxBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

async function sendBatch<Entry>(batch: readonly Waiting<Entry>[], send: BatchesOptions<Entry>["send"]): Promise<void> {
  try {
    const outcomes = await send(batch.map(({ entry }) => entry));
    for (const [index, { resolve, reject }] of batch.entries()) {
      const error = outcomes[index];
      if (error === undefined) resolve();
      else reject(error);
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
