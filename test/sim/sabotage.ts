/**
 * Tries every sabotage: `node test/sim/sabotage.ts [--short] [--only TEXT] [--seed S] [--runs N] [--jobs J]`. Each is built into
 * a simulation, which has to find it among its first N random plans. Prints how soon each was found, and by what; the exit code
 * is 1 when one survived. `--short` tries each third, `--only` those whose name contains the text.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { simulateSabotaged, type Verdict } from "./sabotaged.ts";
import { SABOTAGES } from "./sabotages.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
    runs: { type: "string", default: "2000" },
    jobs: { type: "string", default: String(availableParallelism()) },
  },
});

const chosen = SABOTAGES.filter(({ name }) => name.includes(values.only)).filter(
  (_, index) => !values.short || index % 3 === 0,
);
const width = Math.max(0, ...chosen.map(({ name }) => name.length));
const verdicts = chosen.map(() => Promise.withResolvers<Verdict>());
const left = [...chosen.entries()];

/** Takes one sabotage after another, as long as there are any. */
async function tryThem(): Promise<void> {
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const [at, sabotage] = next;
    const plans = { seed: Number(values.seed), runs: Number(values.runs) };
    const verdict = await simulateSabotaged(sabotage, plans).catch((error: unknown) => ({ text: String(error) }));
    verdicts[at]?.resolve(verdict);
  }
}

for (let job = 0; job < Number(values.jobs); job++) void tryThem();
let survived = 0;
for (const [at, { name }] of chosen.entries()) {
  const { foundIn, text } = (await verdicts[at]?.promise) ?? { text: "not tried" };
  if (foundIn === undefined) survived++;
  const outcome = foundIn === undefined ? "SURVIVED" : `found in ${foundIn} runs`;
  console.log(`${name.padEnd(width)}  ${outcome.padEnd(18)}  ${text}`);
}
console.log(`${chosen.length} sabotages, ${survived} survived`);
process.exitCode = survived === 0 ? 0 : 1;
