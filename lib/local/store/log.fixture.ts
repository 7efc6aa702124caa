/** Writes some rows, says so when they are durable, and stays until it is killed: they are in the log alone. */
import { writeSync } from "node:fs";
import { openStore } from "./store.ts";

const [, , directory = ""] = process.argv;
const { tables, write, durable } = await openStore(directory);
write(() => tables.orphans.put(["=a"], 1));
write(() => tables.orphans.put(["=b"], 1));
await durable();
write(() => tables.orphans.put(["=a"], 2));
write(() => tables.orphans.remove(["=b"]));
write(() => tables.orphans.put(["=c"], 3));
await durable();
writeSync(1, "durable\n");
setInterval(() => {}, 60_000);
