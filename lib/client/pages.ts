/** Lists as async iterators: a page is asked for when the one before is used up. */
import { type Fields, items } from "./fields.ts";

/** All items of a list, page by page. A page may be empty and the list go on. */
export async function* pages<T>(
  name: string,
  page: (token: string | undefined) => Promise<Fields>,
  read: (item: Fields) => T,
): AsyncGenerator<T, void, undefined> {
  let token: string | undefined;
  do {
    const fields = await page(token);
    for (const item of items(fields, name)) yield read(item);
    token = typeof fields.NextToken === "string" && fields.NextToken !== "" ? fields.NextToken : undefined;
  } while (token !== undefined);
}
