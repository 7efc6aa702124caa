/**
 * Pages of histories. A history is derived from its journal from the first event on, so a page deep in a long one costs all
 * those before it; a caller who reads page after page of an ended execution goes on where the last page stopped instead.
 */
import { memoryJournal } from "../memory/journal.ts";
import { type ExecutionEvent, expressHistory, history, type Runtime } from "../runtime/index.ts";
import type { Header } from "../runtime/ports/journal.ts";
import { MAX_PAGE_TEXT } from "./answer.ts";

export interface HistoryPages {
  /** Events from number `from` (1 is the first) on, at most `limit`; `next` is the number that the next page begins with. */
  page(request: {
    readonly header: Header;
    readonly express: boolean;
    readonly from: number;
    readonly limit: number;
  }): Promise<{ readonly events: readonly ExecutionEvent[]; readonly next?: number }>;
}

/** Histories that are kept open between pages, oldest out first: each holds a few entries that were read ahead. */
const MAX_OPEN = 8;

/** Events after which everything else gets its turn. */
const BREATHE_EVERY = 500;

interface Reading {
  readonly events: AsyncGenerator<ExecutionEvent>;
  /** The event that comes next; undefined: there is none. */
  next: ExecutionEvent | undefined;
}

export function historyPages(runtime: Runtime): HistoryPages {
  /** By start id and number of the next event. */
  const open = new Map<string, Reading>();

  async function advance(reading: Reading): Promise<void> {
    const { value, done } = await reading.events.next();
    reading.next = done === true ? undefined : value;
    if (reading.next !== undefined && reading.next.EventId % BREATHE_EVERY === 0) await runtime.ports.clock.sleep(1);
  }

  async function openAt(header: Header, express: boolean, from: number): Promise<Reading> {
    const events = express ? expressHistory(runtime, header, memoryJournal()) : history(runtime, header);
    const reading: Reading = { events, next: undefined };
    do await advance(reading);
    while (reading.next !== undefined && reading.next.EventId < from);
    return reading;
  }

  function take(key: string): Reading | undefined {
    const reading = open.get(key);
    open.delete(key);
    return reading;
  }

  function keep(key: string, reading: Reading): void {
    open.set(key, reading);
    const oldest = open.size > MAX_OPEN ? open.keys().next().value : undefined;
    if (oldest !== undefined) open.delete(oldest);
  }

  return {
    async page({ header, express, from, limit }) {
      const reading = take(`${header.startId} ${from}`) ?? (await openAt(header, express, from));
      const events: ExecutionEvent[] = [];
      let size = 0;
      while (reading.next !== undefined && events.length < limit && size <= MAX_PAGE_TEXT) {
        events.push(reading.next);
        size += reading.next.EventDetail.length;
        await advance(reading);
      }
      if (reading.next === undefined) return { events };
      const next = reading.next.EventId;
      // The history of a running execution is not only appended to: its branches overtake each other.
      if (header.status !== "Running") keep(`${header.startId} ${next}`, reading);
      return { events, next };
    },
  };
}
