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

/** A page that is read other than in turn costs all those before it: so many are, of each history. */
const OTHERWISE = 3;

async function differences({ observer }: World, header: Header, limit: number): Promise<readonly string[]> {
  const whole: ExecutionEvent[] = [];
  for await (const event of history(observer, header)) whole.push(event);
  const reader = historyPages(observer);
  const count = Math.ceil(whole.length / limit);
  const wrong: string[] = [];

  async function compare(pages: HistoryPages, page: number, how: string): Promise<void> {
    const from = 1 + page * limit;
    const { events, next } = await pages.page({ header, express: false, from, limit });
    const expected = whole.slice(from - 1, from - 1 + limit);
    if (JSON.stringify(events) !== JSON.stringify(expected) || next !== (page + 1 < count ? from + limit : undefined))
      wrong.push(`the history of ${header.ref.name} is another one from ${from} on when that page is read ${how}`);
  }

  for (let page = 0; page < count; page++) {
    await compare(reader, page, "in turn");
    if (page % Math.ceil(count / OTHERWISE) !== 0) continue;
    await compare(reader, page, "again");
    await compare(historyPages(observer), page, "alone");
  }
  return wrong;
}
