/** What a piece of work takes of AWS, as it is billed, and what that costs. Usage is counted; only Lambda's time is modelled. */
import type { CountedRequest } from "../test/aws/count-requests.ts";
import type { Counted } from "../test/aws/counted-world.ts";
import type { PriceName, Prices } from "./cost-prices.ts";

export interface Usage {
  /** Write request units of the table, and of its indexes. */
  readonly writes: number;
  readonly indexWrites: number;
  /** Read request units. */
  readonly reads: number;
  readonly sqs: number;
  readonly schedules: number;
  readonly sns: number;
  readonly s3Puts: number;
  readonly s3Gets: number;
  /** Invocations of Stepwell's own functions, the requests that they make, and how many of those waited for one another. */
  readonly invocations: number;
  readonly calls: number;
  readonly roundTrips: number;
}

const NONE: Usage = {
  writes: 0,
  indexWrites: 0,
  reads: 0,
  sqs: 0,
  schedules: 0,
  sns: 0,
  s3Puts: 0,
  s3Gets: 0,
  invocations: 0,
  calls: 0,
  roundTrips: 0,
};

/** Throws for a request of which it is not known what it costs: none may go unpriced. */
export function usageOf({ requests, invocations }: Counted): Usage {
  const all = requests.map(billed).reduce(plus, NONE);
  const roundTrips = invocations.reduce((trips, invocation) => trips + invocation.roundTrips, 0);
  const calls = requests.filter(({ by }) => by === "api" || by === "advance").length;
  return { ...all, invocations: invocations.length, calls, roundTrips };
}

function billed({ service, what, written, indexed, read, queued }: CountedRequest): Usage {
  switch (service) {
    case "DynamoDB":
      return { ...NONE, writes: written, indexWrites: indexed, reads: read };
    case "SQS":
      return { ...NONE, sqs: queued };
    default:
  }
  switch (`${service} ${what}`) {
    // A function of the user's, who pays for it with or without Stepwell.
    case "Lambda Invoke":
      return NONE;
    case "Scheduler CreateSchedule":
      return { ...NONE, schedules: 1 };
    case "SNS Publish":
      return { ...NONE, sns: 1 };
    case "S3 PutObject":
      return { ...NONE, s3Puts: 1 };
    case "S3 GetObject":
      return { ...NONE, s3Gets: 1 };
    default:
      throw new Error(`Nobody knows what ${service} ${what} costs: say so in bench/cost-usage.ts.`);
  }
}

function eachField(combine: (name: keyof Usage) => number): Usage {
  const names = Object.keys(NONE) as (keyof Usage)[];
  return Object.fromEntries(names.map((name) => [name, combine(name)])) as unknown as Usage;
}

export function plus(one: Usage, other: Usage): Usage {
  return eachField((name) => one[name] + other[name]);
}

export function minus(one: Usage, other: Usage): Usage {
  return eachField((name) => one[name] - other[name]);
}

export function times(usage: Usage, factor: number): Usage {
  return eachField((name) => usage[name] * factor);
}

/** What Lambda bills of a piece of work: the time of its invocations, ms. */
export function lambdaMs({ invocations, calls, roundTrips }: Usage, by: Prices["modelled"]): number {
  return invocations * by.ownMs + calls * by.callMs + roundTrips * by.roundTripMs;
}

/** Dollars a million pieces of work. */
export function dollars(usage: Usage, { perMillion, modelled }: Prices): number {
  const amounts: { readonly [name in PriceName]: number } = {
    dynamoWrite: usage.writes + usage.indexWrites,
    dynamoRead: usage.reads,
    sqsRequest: usage.sqs,
    schedule: usage.schedules,
    snsRequest: usage.sns,
    s3Put: usage.s3Puts,
    s3Get: usage.s3Gets,
    lambdaRequest: usage.invocations,
    lambdaGbSecond: (lambdaMs(usage, modelled) / 1000) * (modelled.memoryMb / 1024),
  };
  const names = Object.keys(amounts) as PriceName[];
  return names.reduce((sum, name) => sum + amounts[name] * perMillion[name], 0);
}
