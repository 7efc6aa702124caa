/** Whether a condition holds (fdl.md §4, rules COND-01 to COND-21). */
import type { Comparison, Condition } from "../../fdl/condition.ts";
import type { Json } from "../../fdl/json.ts";
import { follow, isList, isMap } from "./value.ts";

/** An error ends the whole condition (COND-18). */
class ConditionError extends Error {}

/** True when the condition is satisfied by the choice's input. */
export function holds(condition: Condition, input: Json): boolean {
  try {
    return truth(outcomeOf(condition, input)) === true;
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}

/** The value of an expression; undefined: unknown. */
function outcomeOf(condition: Condition, input: Json): Json | undefined {
  switch (condition.kind) {
    case "literal":
      return condition.value;
    case "path":
      return follow(input, condition.path);
    case "array": {
      const items = condition.items.map((item) => outcomeOf(item, input));
      const known = items.filter((item) => item !== undefined);
      return known.length === items.length ? known : undefined;
    }
    case "not": {
      const operand = truth(outcomeOf(condition.operand, input));
      return operand === undefined ? undefined : !operand;
    }
    case "negate": {
      const operand = outcomeOf(condition.operand, input);
      if (operand === undefined) return undefined;
      return -(numeric(operand) ?? wrong());
    }
    case "or": {
      const left = truth(outcomeOf(condition.left, input));
      if (left === true) return true;
      const right = truth(outcomeOf(condition.right, input));
      if (right === true) return true;
      return left === undefined || right === undefined ? undefined : false;
    }
    case "and": {
      const left = truth(outcomeOf(condition.left, input));
      if (left === false) return false;
      const right = truth(outcomeOf(condition.right, input));
      if (right === false) return false;
      return left === undefined || right === undefined ? undefined : true;
    }
    case "compare": {
      const left = outcomeOf(condition.left, input);
      const right = outcomeOf(condition.right, input);
      return left === undefined || right === undefined ? undefined : compared(condition.operator, left, right);
    }
    default:
      return condition satisfies never;
  }
}

function compared(operator: Comparison, left: Json, right: Json): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "in":
      if (isList(right)) return right.some((item) => identical(item, left));
      if (isMap(right) && typeof left === "string") return Object.hasOwn(right, left);
      return wrong();
    case "<":
    case ">":
    case "<=":
    case ">=": {
      if (typeof left === "string" && typeof right === "string") return ordered(operator, left, right);
      return ordered(operator, numeric(left) ?? wrong(), numeric(right) ?? wrong());
    }
    default:
      return operator satisfies never;
  }
}

function ordered<T extends string | number>(operator: "<" | ">" | "<=" | ">=", left: T, right: T): boolean {
  if (operator === "<") return left < right;
  if (operator === ">") return left > right;
  return operator === "<=" ? left <= right : left >= right;
}

/** COND-04 to COND-10, from the most particular pair to the most general. */
function equal(left: Json, right: Json): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right;
  if (saysNothingElse(left) || saysNothingElse(right)) {
    const [one, other] = [converted(left), converted(right)];
    return one !== undefined && one === other;
  }
  const [one, other] = [numeric(left), numeric(right)];
  return one !== undefined && other !== undefined ? one === other : identical(left, right);
}

function saysNothingElse(value: Json): boolean {
  return typeof value === "boolean" || value === null;
}

function identical(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (isList(left)) {
    return (
      isList(right) && left.length === right.length && left.every((item, at) => identical(item, right[at] ?? null))
    );
  }
  if (!isMap(left) || !isMap(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && identical(left[key] ?? null, right[key] ?? null))
  );
}

/** The number that a value is or, as text, holds (COND-07). */
function numeric(value: Json): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? Number(value) : undefined;
}

/** COND-09; undefined: it does not convert. */
function converted(value: Json): boolean | undefined {
  if (value === null) return false;
  if (typeof value === "boolean") return value;
  const number = numeric(value);
  if (number !== undefined) return number !== 0;
  if (typeof value !== "string") return undefined;
  if (/^true$/i.test(value)) return true;
  return /^false$/i.test(value) ? false : undefined;
}

/** What a value says where a boolean is asked for; undefined: unknown. */
function truth(value: Json | undefined): boolean | undefined {
  return value === undefined ? undefined : (converted(value) ?? wrong());
}

function wrong(): never {
  throw new ConditionError();
}
