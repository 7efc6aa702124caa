/**
 * Tries every sabotage: `node test/crash/sabotage.ts [--short] [TEXT]`. Prints a table of what each was found by; the exit code
 * is 1 when one survived. `--short` tries the pillars of the protocol only; TEXT those whose name contains it.
 */
import { parseArgs } from "node:util";
import { runSabotaged } from "./sabotaged.ts";
import { PILLARS, SABOTAGES } from "./sabotages.ts";

const { values, positionals } = parseArgs({
  options: { short: { type: "boolean", default: false } },
  allowPositionals: true,
});
const chosen = SABOTAGES.slice(0, values.short ? PILLARS : undefined).filter(({ name }) =>
  positionals.every((text) => name.includes(text)),
);
const width = Math.max(...chosen.map(({ name }) => name.length));

let survived = 0;
for (const each of chosen) {
  const { found, text } = await runSabotaged(each).catch((error: unknown) => ({ found: false, text: String(error) }));
  if (!found) survived += 1;
  console.log(`${each.name.padEnd(width)}  ${found ? "found   " : "SURVIVED"}  ${text}`);
}
console.log(`${chosen.length} sabotages, ${survived} survived`);
process.exitCode = survived === 0 ? 0 : 1;
