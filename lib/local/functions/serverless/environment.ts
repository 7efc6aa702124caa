/** The variables that a function sees: those that are known without the cloud. */
import { AtDeployment } from "./document.ts";
import type { Reading } from "./reading.ts";

/** The section's plain values. Warns of each that is left out, unless the process that starts the functions has it. */
export function environmentOf(
  reading: Reading,
  section: unknown,
  at: readonly string[],
): { readonly [name: string]: string } {
  const environment: Record<string, string> = {};
  for (const [name, from] of Object.entries(reading.fields(section))) {
    const resolved = reading.resolve(from);
    const value = "value" in resolved ? resolved.value : undefined;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      environment[name] = String(value);
    } else if (value !== null && reading.env[name] === undefined) {
      const what = "unresolved" in resolved ? resolved.unresolved : describe(value);
      reading.warn(
        [...at, name],
        `the variable ${name} is left out: ${what} cannot be known on this machine. To give it a value here, set ${name} before you start`,
      );
    }
  }
  return environment;
}

function describe(value: unknown): string {
  return value instanceof AtDeployment ? value.text : JSON.stringify(value);
}
