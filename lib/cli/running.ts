/** The executions of a store that run. */
import type { Header, Journal } from "../runtime/ports/journal.ts";

export async function runningExecutions(journal: Pick<Journal, "listRunning">): Promise<readonly Header[]> {
  const headers: Header[] = [];
  let page = await journal.listRunning();
  for (;;) {
    headers.push(...page.items);
    if (page.cursor === undefined) return headers;
    page = await journal.listRunning(page.cursor);
  }
}
