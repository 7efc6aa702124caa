/**
 * `npm run bench:cost`: what executions cost on AWS. Stepwell's functions run in this process over an emulator's table and
 * queues, every request is counted as AWS bills it, and the counts are priced from one dated file. `--help` lists the options.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { StepwellError } from "../lib/fdl/errors.ts";
import { counted, prepare, WORK_NAMES, type WorkName } from "../test/aws/counted-work.ts";
import { countedWorld } from "../test/aws/counted-world.ts";
import { cutOffAws } from "../test/aws/guard.ts";
import { readPrices } from "./cost-prices.ts";
import { ROWS } from "./cost-rows.ts";
import { priced, table } from "./cost-table.ts";
import { type Usage, usageOf } from "./cost-usage.ts";

const PRICES = fileURLToPath(new URL("prices/us-east-1.json", import.meta.url));

const HELP = `npm run bench:cost -- [options]
  --prices FILE  price file; bench/prices/us-east-1.json when not given: copy it for another region
  --json         for programs
Exit: 0 every row is within its target, 1 one is not, 2 not measured.`;

const OPTIONS = {
  prices: { type: "string", default: PRICES },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

async function count(): Promise<{ readonly [work in WorkName]: Usage }> {
  const world = await countedWorld();
  try {
    await prepare(world);
    const counts: [WorkName, Usage][] = [];
    for (const work of WORK_NAMES) counts.push([work, usageOf(await counted(world, work))]);
    return Object.fromEntries(counts) as { readonly [work in WorkName]: Usage };
  } finally {
    await world.stop();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const prices = readPrices(values.prices);
  const rows = priced(ROWS, await count(), prices);
  if (values.json) console.log(JSON.stringify({ ...prices, rows }, null, 2));
  else for (const line of table(rows, prices)) console.log(line);
  const missed = rows.filter(({ met }) => !met);
  for (const { name, dollars, target } of missed) {
    console.error(
      `${name} costs $${dollars.toFixed(2)} a million: its target is $${target.toFixed(2)} (architecture §10).`,
    );
  }
  return missed.length === 0 ? 0 : 1;
}

cutOffAws(process.env);
try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  if (isUsage) console.error(`${error.message}\n\n${HELP}`);
  else console.error(error instanceof StepwellError ? error.message : error);
  process.exitCode = 2;
}
