/** Kinds of values that are written in the language's small expressions; what their parsers throw becomes a problem at its character. */
import { type Condition, parseCondition } from "../condition.ts";
import type { Param, Source } from "../definition.ts";
import { ExpressionError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import { parseParam, parseSource } from "../mapping.ts";
import { looksLikePath, type Path, parsePath } from "../path.ts";
import { quote } from "../problem.ts";
import { parseResource, type Resource } from "../resource.ts";
import { offsetOf } from "../scalar-offset.ts";
import { jsonOf, type SourceNode } from "../source.ts";
import { type Kind, type Place, reportError, reportWarning } from "./kind.ts";
import { text } from "./scalar.ts";

const anyText = text({ min: 0 });

const START_EXECUTION = "fnf:StartExecution";

/** The result of a parser; its error is reported at the character in the definition. */
function parsed<T>(node: SourceNode, place: Place, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return reportError(place, offsetOf(place.run.text, node, error.offset), error.message);
  }
}

function expression<T>(
  schema: JsonObject,
  parse: (text: string) => T,
): Kind<{ readonly text: string; readonly value: T }> {
  const string = text();
  return {
    schema: { ...string.schema, ...schema },
    read: (node, place) => {
      const source = string.read(node, place);
      if (source === undefined) return undefined;
      const value = parsed(node, place, () => parse(source));
      return value === undefined ? undefined : { text: source, value };
    },
  };
}

export const condition: Kind<{ readonly text: string; readonly value: Condition }> = expression({}, parseCondition);

export const resource: Kind<{ readonly text: string; readonly value: Resource }> = expression(
  { pattern: "^(acs|arn):" },
  parseResource,
);

/** An API call instead of a resource; there is one (fdl.md §3.1.6). */
export const action: Kind<{ readonly text: string; readonly value: Resource }> = expression(
  { const: START_EXECUTION },
  (called) => {
    if (called === START_EXECUTION) return { kind: "flow" };
    throw new ExpressionError(
      `The action ${quote(called)} is not supported, only ${quote(START_EXECUTION)} is: call the API from a function.`,
      0,
    );
  },
);

/** A path into the step's own input (fdl.md §3.6). */
export const collection: Kind<{ readonly text: string; readonly value: Path }> = expression(
  { pattern: "^\\$([.[]|$)" },
  (source) => {
    const { root, path } = parsePath(source);
    if (root === "merged") return path;
    throw new ExpressionError(
      `The path starts at the step's own input: write ${JSON.stringify(source.replace(/^\$[a-z]+/, "$"))}.`,
      0,
    );
  },
);

/** The source of a mapping (fdl.md §2.3). */
export const source: Kind<Source> = {
  schema: {},
  nullable: true,
  read: (node, place) => {
    const value = jsonOf(node);
    return value === undefined ? undefined : parsed(node, place, () => parseSource(value));
  },
};

/** A path into the step's mapped input (`$`, `$.key`), or a constant of some kind (fdl.md §3.1.5, §3.3). */
export function param(constant: Kind<Json>): Kind<Param> {
  return {
    schema: { anyOf: [constant.schema, collection.schema] },
    read: (node, place) => {
      const value = jsonOf(node);
      const param = value === undefined ? undefined : parsed(node, place, () => parseParam(value));
      if (param?.kind !== "constant") return param;
      const checked = constant.read(node, place);
      if (checked === undefined) return undefined;
      warnOfPath(checked, node, place, `A key of the step's mapped input is written "$.key"`);
      return { kind: "constant", value: checked };
    },
  };
}

/** A string that is taken literally (fdl.md §3.8). */
export const literal: Kind<string> = {
  schema: anyText.schema,
  read: (node, place) => {
    const value = anyText.read(node, place);
    if (value !== undefined) warnOfPath(value, node, place, "Only mappings read paths");
    return value;
  },
};

function warnOfPath(value: Json, node: SourceNode, place: Place, hint: string): void {
  if (typeof value !== "string" || !looksLikePath(value)) return;
  reportWarning(
    place,
    node.at,
    `${place.label} is the plain text ${quote(value)}, not what the path leads to. ${hint}.`,
  );
}
