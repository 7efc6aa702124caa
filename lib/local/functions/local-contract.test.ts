import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type FunctionsContractOptions, functionsContract, type Report } from "../../../test/contracts/functions.ts";
import type { FunctionSource } from "./find-functions.ts";
import { localFunctions } from "./local-functions.ts";

const offered = pathToFileURL(join(import.meta.dirname, "../../../test/contracts/functions/offered.ts")).href;
const alias: FunctionsContractOptions = { alias: { name: "live", version: "3" } };

/** The files in a folder of their own, the first being the source. */
function over(kind: FunctionSource["kind"], files: { readonly [name: string]: string }) {
  return async (report: Report) => {
    const folder = mkdtempSync(join(tmpdir(), "stepwell functions "));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const source = { kind, path: join(folder, Object.keys(files)[0] ?? "") };
    const functions = localFunctions({ source, report, onConsole: () => {} });
    return {
      functions,
      settle: <T>(promise: Promise<T>) => promise,
      async close() {
        await functions.close();
        rmSync(folder, { recursive: true });
      },
    };
  };
}

functionsContract(
  "a functions module of a folder",
  over("module", {
    "functions.ts": `
import { offered } from ${JSON.stringify(offered)};
export default { ...offered, "echo:3": offered.echo };
export const aliases: Record<string, Record<string, string>> = { echo: { live: "3" } };
`,
  }),
  alias,
);

functionsContract(
  "a serverless.yml",
  over("serverless", {
    "serverless.yml": `
service: shop
provider: { name: aws, runtime: nodejs24.x, timeout: 300 }
functions:
  pay: { handler: handlers.pay }
  refund: { handler: handlers.refund }
  echo: { handler: handlers.offered.echo }
  attempt: { handler: handlers.offered.attempt }
  nothing: { handler: handlers.offered.nothing }
  text: { handler: handlers.offered.text }
  declines: { handler: handlers.offered.declines }
  never: { handler: handlers.offered.never }
custom:
  stepwell:
    versions: { echo: { 3: handlers.offered.echo } }
    aliases: { echo: { live: 3 } }
resources:
  Outputs: { Table: { Value: !GetAtt Table.Arn } }
`,
    "handlers.mjs": `
import { offered } from ${JSON.stringify(offered)};
export { offered };
export const pay = offered["shop/pay"];
export const refund = offered["shop-refund"];
`,
  }),
  alias,
);
