/**
 * Conditions of choices (fdl.md §4, §10 rows 5, 6, 43 to 46, 49): their compiled form, and deciding whether one holds.
 * Deciding is total. Every value may also be unknown (a path is missing: `undefined`), and an evaluation error is an
 * outcome like others, which ends the whole expression.
 */
import { equal, order, same, toBoolean, toNumber } from "./compare.ts";
import { isArray, isObject, type Json } from "./json.ts";
import { lookup, type Path } from "./path.ts";

export { parseCondition } from "./condition-parse.ts";

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in";
export type Condition =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "array"; readonly items: readonly Condition[] }
  | { readonly kind: "not" | "negate"; readonly operand: Condition }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly left: Condition; readonly right: Condition };

const ERROR = Symbol("evaluation error");
type Outcome = Json | undefined | typeof ERROR;
type Truth = boolean | undefined | typeof ERROR;

/** True when the condition holds for the choice's input. Never throws: an unknown or erroneous condition does not hold. */
export function satisfied(condition: Condition, input: Json): boolean {
  return truth(evaluate(condition, input)) === true;
}

function evaluate(condition: Condition, input: Json): Outcome {
  switch (condition.kind) {
    case "literal":
      return condition.value;
    case "path":
      return lookup(input, condition.path);
    case "array":
      return array(condition.items, input);
    case "not": {
      const operand = truth(evaluate(condition.operand, input));
      return typeof operand === "boolean" ? !operand : operand;
    }
    case "negate":
      return negative(evaluate(condition.operand, input));
    case "and":
    case "or":
      return connection(condition, input);
    default:
      condition.kind satisfies "compare";
      return comparison(condition.operator, evaluate(condition.left, input), evaluate(condition.right, input));
  }
}

/** What a value says as a condition; a value that converts to no boolean is an error. */
function truth(outcome: Outcome): Truth {
  if (outcome === undefined || outcome === ERROR) return outcome;
  return toBoolean(outcome) ?? ERROR;
}

function array(items: readonly Condition[], input: Json): Outcome {
  const values: Json[] = [];
  let unknown = false;
  for (const item of items) {
    const value = evaluate(item, input);
    if (value === ERROR) return ERROR;
    if (value === undefined) unknown = true;
    else values.push(value);
  }
  return unknown ? undefined : values;
}

function negative(outcome: Outcome): Outcome {
  if (outcome === undefined || outcome === ERROR) return outcome;
  const number = toNumber(outcome);
  return number === undefined ? ERROR : -number;
}

/** `&&` and `||`, left to right: false decides the one and true the other, whatever is unknown on the other side. */
function connection({ kind, left, right }: Extract<Condition, { kind: "and" | "or" }>, input: Json): Truth {
  const decisive = kind === "or";
  const first = truth(evaluate(left, input));
  if (first === ERROR || first === decisive) return first;
  const second = truth(evaluate(right, input));
  if (second === ERROR || second === decisive) return second;
  return first === undefined ? undefined : second;
}

function comparison(operator: Comparison, left: Outcome, right: Outcome): Truth {
  if (left === ERROR || right === ERROR) return ERROR;
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "in":
      return contains(right, left);
    default: {
      const difference = order(left, right);
      return difference === undefined ? ERROR : ORDERS[operator](difference);
    }
  }
}

/** What each comparison of order asks of the difference of its sides. */
const ORDERS = {
  "<": (difference: number) => difference < 0,
  "<=": (difference: number) => difference <= 0,
  ">": (difference: number) => difference > 0,
  ">=": (difference: number) => difference >= 0,
};

/** `in`: an element of an array, by deep equality and without conversion, or a key of an object. */
function contains(collection: Json, value: Json): Truth {
  if (isArray(collection)) return collection.some((element) => same(element, value));
  return isObject(collection) && typeof value === "string" ? Object.hasOwn(collection, value) : ERROR;
}
