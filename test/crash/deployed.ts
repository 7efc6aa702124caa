/** The flows of this folder and the example flows, deployed once for all worlds. */
import { readdirSync, readFileSync } from "node:fs";
import { type Deployment, deployment } from "../../lib/sim/deployment.ts";
import { BEGINNING } from "../../lib/sim/world.ts";
import { EXAMPLE_FLOWS } from "./examples.ts";

const FOLDER = new URL("./flows/", import.meta.url);
const EXAMPLES = new URL("../../flows/", import.meta.url);

export function deployFlows(): Promise<Deployment> {
  const flows = readdirSync(FOLDER)
    .sort()
    .map((file): [string, string] => [file.replace(/\.yml$/, ""), readFileSync(new URL(file, FOLDER), "utf8")]);
  const examples = Object.entries(EXAMPLE_FLOWS).map(([name, file]): [string, string] => [
    name,
    readFileSync(new URL(file, EXAMPLES), "utf8"),
  ]);
  return deployment(Object.fromEntries([...flows, ...examples]), BEGINNING);
}
