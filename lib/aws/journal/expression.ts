/**
 * DynamoDB's expressions, from what they are to say. Names and values always stand beside the expression, never in it: half
 * of our attributes have names that DynamoDB reserves.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "./item.ts";

/** Holds when all of it does. */
export interface Condition {
  /** Attributes that the item must not have; `pk`: there must be no item. */
  readonly absent?: readonly string[];
  /** Attributes that it must have; `pk`: there must be an item. */
  readonly has?: readonly string[];
  readonly equal?: Item;
  /** Numbers that it must not have a larger one of; it need not have one, nor be there at all. */
  readonly atMost?: Item;
}

export interface Change {
  readonly set?: Item;
  /** Set where the item has no such attribute yet. */
  readonly setOnce?: Item;
  /** Elements for sets of numbers. */
  readonly add?: Item;
  readonly remove?: readonly string[];
}

/** Names and values of one request's expressions. */
export interface Placeholders {
  name(attribute: string): string;
  value(value: AttributeValue): string;
  /** As the request takes them. */
  parameters(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, AttributeValue>;
  };
}

export function placeholders(): Placeholders {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  let count = 0;
  return {
    name(attribute) {
      names[`#${attribute}`] = attribute;
      return `#${attribute}`;
    },
    value(value) {
      const placeholder = `:${count++}`;
      values[placeholder] = value;
      return placeholder;
    },
    parameters: () => ({
      ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
      ...(count === 0 ? {} : { ExpressionAttributeValues: values }),
    }),
  };
}

export function conditionExpression(
  { absent = [], has = [], equal = {}, atMost = {} }: Condition,
  at: Placeholders,
): string {
  return [
    ...absent.map((attribute) => `attribute_not_exists(${at.name(attribute)})`),
    ...has.map((attribute) => `attribute_exists(${at.name(attribute)})`),
    ...Object.entries(equal).map(([attribute, value]) => `${at.name(attribute)} = ${at.value(value)}`),
    ...Object.entries(atMost).map(([attribute, value]) => {
      const name = at.name(attribute);
      return `(attribute_not_exists(${name}) OR ${name} <= ${at.value(value)})`;
    }),
  ].join(" AND ");
}

export function updateExpression({ set = {}, setOnce = {}, add = {}, remove = [] }: Change, at: Placeholders): string {
  const sets = [
    ...Object.entries(set).map(([attribute, value]) => `${at.name(attribute)} = ${at.value(value)}`),
    ...Object.entries(setOnce).map(([attribute, value]) => {
      const name = at.name(attribute);
      return `${name} = if_not_exists(${name}, ${at.value(value)})`;
    }),
  ];
  const adds = Object.entries(add).map(([attribute, value]) => `${at.name(attribute)} ${at.value(value)}`);
  return [
    ["SET", sets],
    ["ADD", adds],
    ["REMOVE", remove.map((attribute) => at.name(attribute))],
  ]
    .filter(([, parts]) => parts?.length !== 0)
    .map(([verb, parts]) => `${verb} ${Array.isArray(parts) ? parts.join(", ") : parts}`)
    .join(" ");
}
