/** Reading lists in contract suites. A list may lag behind its table, so that what is expected of one is expected soon. */

import { vi } from "vitest";
import type { Page } from "../../lib/runtime/ports/journal.ts";

/** All pages of a list, each as it came. */
export async function pagesOf<T>(read: (cursor?: string) => Promise<Page<T>>): Promise<readonly (readonly T[])[]> {
  const pages: (readonly T[])[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await read(cursor);
    pages.push(page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return pages;
}

/** All items of a list. */
export async function itemsOf<T>(read: (cursor?: string) => Promise<Page<T>>): Promise<readonly T[]> {
  return (await pagesOf(read)).flat();
}

/** Holds at once for a list that does not lag, and within ten seconds for one that does. */
export function soon(expectation: () => Promise<void>): Promise<void> {
  return vi.waitFor(expectation, { timeout: 10_000, interval: 100 });
}
