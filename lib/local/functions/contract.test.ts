import { fileURLToPath } from "node:url";
import { functionsContract } from "../../../test/contracts/functions.ts";
import { childFunctions } from "./child-functions.ts";

functionsContract("child processes", async (report) => {
  const module = fileURLToPath(new URL("./offered.fixture.ts", import.meta.url));
  const functions = childFunctions({ module, report, onConsole: () => {} });
  return { functions, settle: (promise) => promise, close: functions.close };
});
