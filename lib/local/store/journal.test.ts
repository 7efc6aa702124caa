import { journalContract } from "../../../test/contracts/journal.ts";
import { lmdbJournal } from "./journal.ts";
import { openStore } from "./store.ts";
import { freshDirectory } from "./testing/fresh-directory.ts";

journalContract("LMDB", async () => {
  const directory = freshDirectory();
  const store = await openStore(directory.path);
  return {
    journal: lmdbJournal(store),
    async close() {
      await store.close();
      directory.remove();
    },
  };
});
