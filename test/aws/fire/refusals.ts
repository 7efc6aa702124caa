/**
 * How AWS's services refuse: throttled, or with a fault of their own, each in the shape of its protocol, so that the SDK takes
 * them for what they are (and repeats what it repeats). Nothing has happened when one of these is the answer.
 */
import { randomUUID } from "node:crypto";
import type { Dice } from "../../../lib/sim/dice.ts";
import type { AwsAnswer, AwsRequest, Service } from "./aws-request.ts";

type Refuse = (dice: Dice) => AwsAnswer;

/** Rates that are exceeded. By service; a service that is not here has none. */
const THROTTLED: { readonly [S in Service]?: Refuse } = {
  dynamodb: (dice) =>
    json(
      400,
      dice.pick([
        "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        "com.amazon.coral.availability#ThrottlingException",
      ]),
    ),
  sqs: (dice) =>
    json(400, dice.pick(["com.amazonaws.sqs#RequestThrottled", "com.amazon.coral.availability#ThrottlingException"])),
  lambda: () =>
    rest(429, "TooManyRequestsException", {
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      Type: "User",
    }),
  scheduler: () => rest(429, "ThrottlingException", {}),
  s3: () => xml(503, "SlowDown"),
};

/** Faults of the service. */
const FAILED: { readonly [S in Service]?: Refuse } = {
  dynamodb: () => json(500, "com.amazonaws.dynamodb.v20120810#InternalServerError"),
  sqs: () => json(500, "com.amazon.coral.service#InternalFailure"),
  lambda: () => rest(500, "ServiceException", { Type: "Service" }),
  scheduler: () => rest(500, "InternalServerException", {}),
  s3: () => xml(500, "InternalError"),
};

/** Undefined: that service does not refuse so. */
export function throttling({ service }: Pick<AwsRequest, "service">, dice: Dice): AwsAnswer | undefined {
  return THROTTLED[service]?.(dice);
}

export function failure({ service }: Pick<AwsRequest, "service">, dice: Dice): AwsAnswer | undefined {
  return FAILED[service]?.(dice);
}

/** AWS JSON 1.0 (DynamoDB, SQS). */
function json(status: number, type: string): AwsAnswer {
  const code = type.slice(type.indexOf("#") + 1);
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amzn-query-error": `${code};${fault(status)}` };
  return answer(status, headers, JSON.stringify({ __type: type, message: `${code} of the fault proxy` }));
}

/** REST JSON (Lambda, Scheduler). */
function rest(status: number, type: string, fields: object): AwsAnswer {
  const headers = { "content-type": "application/json", "x-amzn-errortype": type };
  return answer(status, headers, JSON.stringify({ ...fields, message: `${type} of the fault proxy` }));
}

/** REST XML (S3). */
function xml(status: number, code: string): AwsAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code} of the fault proxy</Message></Error>`;
  return answer(status, { "content-type": "application/xml" }, body);
}

function fault(status: number): string {
  return status < 500 ? "Sender" : "Receiver";
}

function answer(status: number, headers: AwsAnswer["headers"], text: string): AwsAnswer {
  return { status, headers: { ...headers, "x-amzn-requestid": randomUUID() }, body: Buffer.from(text) };
}
