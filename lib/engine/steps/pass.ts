/** `pass` and `succeed`: steps that only map data (fdl.md §3.2, §3.7). Where they lead is `finish`'s affair. */
import type { PassStep, SucceedStep } from "../../fdl/definition.ts";
import { finish } from "../finish.ts";
import { firstInput, type Next, type Run, record } from "../run.ts";

export function enterPass(run: Run, step: PassStep | SucceedStep): Next {
  const input = firstInput(run, step);
  record(run, "StepStarted", step.name, { input });
  return finish(run, step, { input, local: {} });
}
