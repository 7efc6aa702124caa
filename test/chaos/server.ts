/**
 * The server that the chaos runs kill: embedded runtime, function processes and HTTP API as `stepwell dev` has them, in one
 * file to start quickly (server-bundle.ts). Prints `ready` when it answers. `--unsettled` is a sabotage: it answers before
 * what it says is on disk.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createApi } from "../../lib/api/index.ts";
import { StepwellError } from "../../lib/fdl/errors.ts";
import { openEmbedded } from "../../lib/local/embedded.ts";
import { childFunctions } from "../../lib/local/functions/child-functions.ts";
import { serveHttp } from "../../lib/local/http-server.ts";
import { recordingDestinations } from "../../lib/memory/destinations.ts";
import { deployFlow } from "../../lib/runtime/index.ts";

const { values } = parseArgs({
  options: {
    directory: { type: "string", default: "" },
    port: { type: "string", default: "0" },
    flows: { type: "string", default: "" },
    functions: { type: "string", default: "" },
    unsettled: { type: "boolean", default: false },
  },
});
const { directory, port } = values;
/** Of what must not happen; the client sees it as a violation. */
const complain = (what: unknown) => console.error(what instanceof Error ? (what.stack ?? what.message) : what);
const log = (line: string) =>
  /^(a message could not be handled|housekeeping)/.test(line) ? complain(line) : console.log(line);

const functions = childFunctions({ module: values.functions, concurrency: 4 });
const engine = await openEmbedded({ directory, functions, destinations: recordingDestinations(), log }).catch(
  (error) => {
    console.error(error instanceof StepwellError ? `${error.code}: ${error.message}` : error);
    process.exit(1);
  },
);
for (const file of readdirSync(values.flows)) {
  const definition = readFileSync(join(values.flows, file), "utf8");
  await deployFlow(engine.runtime.ports, { name: file.replace(/\.yml$/, ""), definition });
}
await engine.durable();
const handle = createApi({
  runtime: engine.runtime,
  settled: values.unsettled ? async () => {} : engine.durable,
  ended: engine.ended,
  onError: complain,
});
await serveHttp({ handle, host: "127.0.0.1", port: Number(port), onError: complain });
console.log("ready");
engine.broken.catch((error) => {
  complain(error);
  process.exit(1);
});
