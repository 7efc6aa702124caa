/** What all step types have in common (fdl.md §1.2), and how a type's table becomes its reader. */
import type { Step } from "../definition.ts";
import type { JsonObject } from "../json.ts";
import { MAX_NAME_LENGTH } from "../limits.ts";
import type { Kind } from "./kind.ts";
import { mappings } from "./mapping.ts";
import { type Field, type Fields, record, type Table, type Values } from "./record.ts";
import { flag, oneOf, text } from "./scalar.ts";

/** A type of steps: how one is read, and its JSON Schema. */
export interface StepType {
  readonly type: Step["type"];
  readonly schema: JsonObject;
  readonly read: Kind<Step | undefined>["read"];
}

/** Keys of some places that would silently do nothing on the other steps (fdl.md §3, §5). */
const MISPLACED = {
  retry: "only task, parallel and foreach steps are retried.",
  catch: "only errors of task, parallel and foreach steps are caught.",
  errorMappings: "it belongs to a catch, which only task, parallel and foreach steps have.",
  timeoutSeconds: "only a task or the whole flow has one.",
  goto: "only the entries of a choice and catch policies jump.",
};

/** Makes a step type of its table. */
export function stepType<F extends Fields>(
  type: Step["type"],
  keys: Pick<Table<F>, "fields" | "either" | "judge">,
  make: (values: Values<F>) => Step | undefined,
): StepType {
  const { schema, read } = record({ title: `a ${type} step`, refused: MISPLACED, ...keys }, make);
  return { type, schema, read };
}

/** The fields of every step. */
export function stepFields(type: Step["type"]) {
  return {
    type: { kind: oneOf([type]), required: true, about: "The type of the step." },
    name: {
      kind: text({ max: MAX_NAME_LENGTH }),
      required: true,
      about: "The step's name, unique within its list: the target of goto, shown in the history.",
    },
    inputMappings: {
      kind: mappings,
      about: "Builds the step's input. Left out: the parent's input and local, merged.",
    },
    outputMappings: { kind: mappings, about: "Builds the step's output, which is merged into the parent's local." },
  } satisfies Fields;
}

/** The field of all steps that the list can go on after. */
export const end = {
  kind: flag,
  about: "True: the list of steps that the step stands in ends after it.",
} satisfies Field<boolean>;

/** What every step is made of. */
export function commonOf({ name, inputMappings, outputMappings }: Values<ReturnType<typeof stepFields>>): StepCommon {
  return { name, ...(inputMappings && { inputMappings }), ...(outputMappings && { outputMappings }) };
}

type StepCommon = Pick<Step, "name" | "inputMappings" | "outputMappings">;
