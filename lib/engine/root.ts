/** The beginning and the end of an execution: the flow's input, its output, and the execution's own events (fdl.md §1.1, §2.2). */
import type { JsonObject } from "../fdl/json.ts";
import { map } from "./data.ts";
import { beginList } from "./frames.ts";
import { type Next, type Run, record, suspend, topFrame, warnMissing } from "./run.ts";

/** `ExecutionStarted` shows the input as given; the steps see the mapped one (fdl.md §10 row 53). */
export function beginFlow(run: Run, input: JsonObject): Next {
  const { inputMappings, steps } = run.definition;
  record(run, "ExecutionStarted", "", { input });
  run.input =
    inputMappings === undefined
      ? input
      : map(inputMappings, input, {}, run.before, warnMissing(run, "", "inputMappings"));
  run.frames.splice(0, 1, beginList("", steps, run.input));
  return undefined;
}

/** The flow's own list is over: the execution has succeeded. */
export function endFlow(run: Run): Next {
  const { outputMappings } = run.definition;
  const { local } = topFrame(run);
  const output =
    outputMappings === undefined
      ? local
      : map(outputMappings, run.input, local, run.before, warnMissing(run, "", "outputMappings"));
  record(run, "ExecutionSucceeded", "", { output });
  return suspend(run, { kind: "ended" }, { kind: "succeeded", output });
}
