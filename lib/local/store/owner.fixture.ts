/** Opens the store of a directory, says so or why not, and stays until it is ended. */
import { writeSync } from "node:fs";
import { StepwellError } from "../../fdl/errors.ts";
import { openStore } from "./store.ts";

const [, , directory = ""] = process.argv;
try {
  await openStore(directory);
  writeSync(1, `open ${process.pid}\n`);
  setInterval(() => {}, 60_000);
} catch (error) {
  writeSync(1, `${error instanceof StepwellError ? `${error.code} ${error.message}` : error}\n`);
}
