/** The flows of this folder, deployed once for all worlds. */
import { readdirSync, readFileSync } from "node:fs";
import { type Deployment, deployment } from "../../lib/sim/deployment.ts";
import { BEGINNING } from "../../lib/sim/world.ts";

const FOLDER = new URL("./flows/", import.meta.url);

export function deployFlows(): Promise<Deployment> {
  const flows = readdirSync(FOLDER)
    .sort()
    .map((file): [string, string] => [file.replace(/\.yml$/, ""), readFileSync(new URL(file, FOLDER), "utf8")]);
  return deployment(Object.fromEntries(flows), BEGINNING);
}
