/** The folder that `stepwell dev` is given to be measured: flows and their functions. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { STEPS } from "./system.ts";

const DAYS = 86_400;

/** Writes flows and functions into a folder. */
export function writeProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, steps] of Object.entries(FLOWS)) {
    const document = { version: "v1", type: "flow", steps };
    writeFileSync(join(folder, `${name}.yml`), `${JSON.stringify(document, null, 2)}\n`); // JSON is YAML
  }
  copyFileSync(fileURLToPath(new URL("functions.fixture.ts", import.meta.url)), join(folder, "functions.ts"));
}

const step = { type: "task", resourceArn: "acs:fc:::services/bench/functions/step", inputMappings: [] };
const chain = (length: number) => Array.from({ length }, (_, i) => ({ ...step, name: `s${i}` }));
const callback = {
  type: "task",
  name: "wait",
  resourceArn: "acs:fc:::services/bench/functions/post-token",
  pattern: "waitForCallback",
  inputMappings: [
    { target: "key", source: "$input.key" },
    { target: "desk", source: "$input.desk" },
    { target: "token", source: "$context.task.token" },
  ],
};

const FLOWS = {
  w1: chain(STEPS.w1),
  w2: chain(STEPS.w2),
  w3: chain(STEPS.w3),
  fan: [
    {
      type: "foreach",
      name: "fan",
      concurrency: STEPS.fan,
      inputMappings: [{ target: "items", source: Array.from({ length: STEPS.fan }, (_, i) => i) }],
      iterationMapping: { collection: "$.items", item: "item" },
      steps: [{ ...step, name: "one" }],
    },
  ],
  sleep: [{ type: "wait", name: "sleep", duration: 2 }],
  cb: [callback],
  /** Suspended for long: suspended.ts. */
  days: [{ type: "wait", name: "days", duration: 3 * DAYS }],
  "cb-days": [{ ...callback, timeoutSeconds: 7 * DAYS }],
};
