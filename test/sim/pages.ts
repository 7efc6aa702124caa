/** The history of what ended is the same by any paging: page after page, or a page that somebody opens in the middle. */
import { type HistoryPages, historyPages } from "../../lib/api/history-pages.ts";
import { type ExecutionEvent, history } from "../../lib/runtime/index.ts";
import type { Header } from "../../lib/runtime/ports/journal.ts";
import type { World } from "../../lib/sim/world.ts";

/** The histories that are another one when they are read in pages of `limit` events. */
export async function checkPages(world: World, limit: number): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const header of world.witness.headers.values()) {
    if (header.status !== "Running") wrong.push(...(await world.clock.runUntil(differences(world, header, limit))));
  }
  return wrong;
}

/** A page that is read other than in turn costs all those before it: every so manieth is. */
const OTHERWISE_EVERY = 16;

async function differences({ observer }: World, header: Header, limit: number): Promise<readonly string[]> {
  const whole: ExecutionEvent[] = [];
  for await (const event of history(observer, header)) whole.push(event);
  const reader = historyPages(observer);
  const wrong: string[] = [];
  let from: number | undefined = 1;
  for (let count = 0; from !== undefined && wrong.length === 0; count++) {
    const request = { header, express: false, from, limit };
    const page: Page = await reader.page(request);
    // One that would be too large for an answer has fewer events than were asked for.
    const after: number = from + page.events.length;
    const next = after <= whole.length ? after : undefined;
    const expected: Page = { events: whole.slice(from - 1, Math.min(after, from + limit) - 1), ...(next && { next }) };
    if (page.events.length === 0 || !isSame(page, expected)) wrong.push("in turn");
    if (count % OTHERWISE_EVERY === 0) {
      if (!isSame(await reader.page(request), page)) wrong.push("again");
      if (!isSame(await historyPages(observer).page(request), page)) wrong.push("alone");
    }
    from = page.next;
  }
  return wrong.map(
    (how) => `the history of ${header.ref.name} is another one when it is read in pages of ${limit}, ${how}`,
  );
}

type Page = Awaited<ReturnType<HistoryPages["page"]>>;

function isSame(one: Page, other: Page): boolean {
  return JSON.stringify(one.events) === JSON.stringify(other.events) && one.next === other.next;
}
