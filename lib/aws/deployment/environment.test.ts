import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";

const secret = (byte: number, length = 32) => Buffer.alloc(length, byte).toString("base64");

const GOOD = {
  TABLE: "stepwell-dev-Table-1X",
  BUCKET: "stepwell-dev-values-1x",
  TRANSITIONS_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/stepwell-dev-Transitions-1X",
  TRANSITIONS_ARN: "arn:aws:sqs:eu-west-1:123456789012:stepwell-dev-Transitions-1X",
  ALONE_URL: "https://sqs.eu-west-1.amazonaws.com/123456789012/stepwell-dev-TransitionsAlone-1X",
  TIMER_GROUP: "stepwell-dev",
  TIMER_ROLE_ARN: "arn:aws:iam::123456789012:role/stepwell-dev-TimersRole-1X",
  KEYS: `k1:${secret(1)}`,
};

const refusal = (environment: NodeJS.ProcessEnv) => {
  try {
    readEnvironment(environment);
  } catch (error) {
    return error;
  }
  throw new Error("it was accepted");
};

test("the environment of a deployment is read, its account from the queue's ARN", () => {
  expect(readEnvironment(GOOD)).toEqual({
    table: GOOD.TABLE,
    bucket: GOOD.BUCKET,
    transitionsUrl: GOOD.TRANSITIONS_URL,
    transitionsArn: GOOD.TRANSITIONS_ARN,
    aloneUrl: GOOD.ALONE_URL,
    timerGroup: GOOD.TIMER_GROUP,
    timerRoleArn: GOOD.TIMER_ROLE_ARN,
    keys: [{ id: "k1", secret: Buffer.alloc(32, 1) }],
    functionNames: {},
    visibilitySeconds: undefined,
    account: "123456789012",
  });
});

test("how long messages stay hidden may be set, in whole seconds", () => {
  expect(readEnvironment({ ...GOOD, VISIBILITY_SECONDS: "12" }).visibilitySeconds).toBe(12);
  for (const value of ["5", "43201", "1e2", "12.5", "soon"]) {
    expect(refusal({ ...GOOD, VISIBILITY_SECONDS: value })).toMatchObject({
      code: "InvalidEnvironment",
      message: expect.stringContaining(`VISIBILITY_SECONDS is "${value}"`),
    });
  }
});

test("the first key is the current one; older ones follow, of any length from 32 bytes", () => {
  const { keys } = readEnvironment({ ...GOOD, KEYS: `k2:${secret(2, 64)}, k1:${secret(1, 33)}` });
  expect(keys).toEqual([
    { id: "k2", secret: Buffer.alloc(64, 2) },
    { id: "k1", secret: Buffer.alloc(33, 1) },
  ]);
});

test("functions may have other names than their resources say", () => {
  const FUNCTION_NAMES = JSON.stringify({ "shop/pay": "payments-prod" });
  expect(readEnvironment({ ...GOOD, FUNCTION_NAMES }).functionNames).toEqual({ "shop/pay": "payments-prod" });
});

test.each([
  "TABLE",
  "BUCKET",
  "TRANSITIONS_URL",
  "TRANSITIONS_ARN",
  "ALONE_URL",
  "TIMER_GROUP",
  "TIMER_ROLE_ARN",
  "KEYS",
])("without %s there is an error that names it", (name) => {
  for (const value of [undefined, "", "?"]) {
    expect(refusal({ ...GOOD, [name]: value })).toMatchObject({
      code: "InvalidEnvironment",
      message: expect.stringContaining(`variable ${name} `),
    });
  }
});

test.each([
  { what: "without an id", KEYS: secret(7) },
  { what: "that is short", KEYS: `k1:${secret(7, 31)}` },
  { what: "that is no base64", KEYS: `k1:${"?".repeat(50)}` },
  { what: "with an older one that is short", KEYS: `k2:${secret(7)},k1:${secret(8, 5)}` },
  { what: "whose id is an older one's", KEYS: `k1:${secret(7)},k1:${secret(8)}` },
])("a key $what is refused, and the message tells no secret", ({ KEYS }) => {
  const error = refusal({ ...GOOD, KEYS });
  expect(error).toMatchObject({ code: "InvalidEnvironment", message: expect.stringContaining("variable KEYS ") });
  for (const byte of [7, 8]) expect(String(error)).not.toContain(secret(byte, 5).slice(0, 5));
});

test.each(["[]", "null", "shop", '{"shop/pay":7}'])("names of functions that are %s are refused", (FUNCTION_NAMES) => {
  expect(refusal({ ...GOOD, FUNCTION_NAMES })).toMatchObject({ message: expect.stringContaining("FUNCTION_NAMES") });
});
