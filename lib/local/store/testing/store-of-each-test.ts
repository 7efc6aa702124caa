/** A store for each test of the block that asks for one, in a directory of its own, gone after it. */
import { afterEach, beforeEach } from "vitest";
import { openStore, type Store } from "../store.ts";
import { type FreshDirectory, freshDirectory } from "./fresh-directory.ts";

export interface StoreOfEachTest {
  /** That of the running test, as it is open now. */
  readonly store: Store;
  /** Its directory. */
  readonly path: string;
  /** Closes it and opens its directory again: nothing is there but what is on disk. */
  restart(): Promise<void>;
}

export function storeOfEachTest(): StoreOfEachTest {
  let directory: FreshDirectory;
  let store: Store;
  beforeEach(async () => {
    directory = freshDirectory();
    store = await openStore(directory.path);
  });
  afterEach(async () => {
    await store.close();
    directory.remove();
  });
  return {
    get store() {
      return store;
    },
    get path() {
      return directory.path;
    },
    async restart() {
      await store.close();
      store = await openStore(directory.path);
    },
  };
}
