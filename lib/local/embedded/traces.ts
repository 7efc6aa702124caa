/** Keeps what happens to messages beside the journal with the execution that it happens to. */
import type { Settings } from "../../runtime/index.ts";
import { keyText } from "../store/keys.ts";
import type { Store } from "../store/store.ts";

/** A trace hook that writes to the store's traces, in the order of time. */
export function storeTraces({ tables: { traces }, write }: Store): NonNullable<Settings["trace"]> {
  let number = 0;
  return (trace) => {
    try {
      write(() => traces.put([keyText(trace.startId), trace.at, ++number], trace));
    } catch {
      // The store is closed or has failed: whoever writes next is told.
    }
  };
}
