/** The price file: what a region's list prices are, of which day, and what is assumed of Lambda's time. Read once and checked. */
import { readFileSync } from "node:fs";
import { StepwellError } from "../lib/fdl/errors.ts";

export const PRICE_NAMES = [
  "dynamoWrite",
  "dynamoRead",
  "sqsRequest",
  "schedule",
  "snsRequest",
  "s3Put",
  "s3Get",
  "lambdaRequest",
  "lambdaGbSecond",
] as const;

export type PriceName = (typeof PRICE_NAMES)[number];

export interface Prices {
  readonly region: string;
  /** The day the prices are of, `yyyy-mm-dd`. */
  readonly date: string;
  /** Dollars a million. */
  readonly perMillion: { readonly [name in PriceName]: number };
  readonly modelled: Modelled;
  /** What others cost, as people read it. */
  readonly comparison: readonly string[];
}

/** How long an invocation is taken to last: what is counted has no time, an emulator's says nothing. */
export interface Modelled {
  readonly memoryMb: number;
  /** Waiting for an answer. */
  readonly roundTripMs: number;
  /** Processor time of a request, with what the memory gives of a processor. */
  readonly callMs: number;
  /** That of an invocation beside its requests. */
  readonly ownMs: number;
}

type Fields = { readonly [name: string]: unknown };

/** Throws StepwellError `InvalidPrices`, which says what is wrong with the file, where, and what it has to be. */
export function readPrices(path: string): Prices {
  const file = parse(path);
  const at = (where: string, what: string) => new StepwellError("InvalidPrices", `${path}: ${where} ${what}.`);
  const fields = (value: unknown, where: string): Fields => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
    throw at(where, "has to be an object");
  };
  const text = (value: unknown, where: string, form = /./): string => {
    if (typeof value === "string" && form.test(value)) return value;
    throw at(where, `has to be a text like ${form.source}`);
  };
  const number = (value: unknown, where: string): number => {
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
    throw at(where, "has to be a number that is not below 0");
  };

  const prices = fields(file.prices, "prices");
  const unknown = Object.keys(prices).find((name) => !PRICE_NAMES.some((one) => one === name));
  if (unknown !== undefined) throw at(`prices.${unknown}`, `is no price: they are ${PRICE_NAMES.join(", ")}`);
  const price = (name: PriceName): number => {
    const { perMillion, source } = fields(prices[name], `prices.${name}`);
    text(source, `prices.${name}.source`, URL_FORM);
    return number(perMillion, `prices.${name}.perMillion (dollars a million)`);
  };
  const modelled = fields(file.modelled, "modelled");
  const comparison = Array.isArray(file.comparison) ? file.comparison : [];
  return {
    region: text(file.region, "region"),
    date: text(file.date, "date", /^\d{4}-\d\d-\d\d$/),
    perMillion: Object.fromEntries(PRICE_NAMES.map((name) => [name, price(name)])) as Prices["perMillion"],
    modelled: {
      memoryMb: number(modelled.memoryMb, "modelled.memoryMb"),
      roundTripMs: number(modelled.roundTripMs, "modelled.roundTripMs"),
      callMs: number(modelled.callMs, "modelled.callMs"),
      ownMs: number(modelled.ownMs, "modelled.ownMs"),
    },
    comparison: comparison.map((one, index) => {
      const where = `comparison[${index}]`;
      const { what, perMillion, unit, source } = fields(one, where);
      text(source, `${where}.source`, URL_FORM);
      return `${text(what, `${where}.what`)} $${text(perMillion, `${where}.perMillion`)} a million ${text(unit, `${where}.unit`)}`;
    }),
  };
}

const URL_FORM = /^https:\/\//;

function parse(path: string): Fields {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String(error);
    throw new StepwellError("InvalidPrices", `${path}: ${why}. bench/prices/us-east-1.json is one to copy.`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Fields;
  } catch {
    // Said below.
  }
  throw new StepwellError("InvalidPrices", `${path}: is no JSON object. bench/prices/us-east-1.json is one to copy.`);
}
