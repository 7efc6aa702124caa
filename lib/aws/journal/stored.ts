/** What the journal's parts work with. */
import type { Expiry } from "./expiry.ts";
import type { Table } from "./table.ts";

export interface Stored {
  readonly table: Table;
  readonly expiry: Expiry;
}
