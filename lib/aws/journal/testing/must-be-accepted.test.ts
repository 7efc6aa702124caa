import { describe, expect, test } from "vitest";
import { mustBeAccepted, type RequestBody } from "./must-be-accepted.ts";

const key = { pk: { S: "J#a" }, sk: { S: "J##0000000001" } };
const fine: RequestBody = {
  TableName: "journal",
  Key: key,
  UpdateExpression: "SET #due = :0",
  ConditionExpression: "attribute_not_exists(#outcome)",
  ExpressionAttributeNames: { "#due": "due", "#outcome": "outcome" },
  ExpressionAttributeValues: { ":0": { N: "5" } },
};

test("a request that DynamoDB takes passes", () => {
  expect(() => mustBeAccepted(fine)).not.toThrow();
  expect(() => mustBeAccepted({ TableName: "journal", Key: key, ConsistentRead: true })).not.toThrow();
});

describe("a request is refused that has", () => {
  test.each<[string, RequestBody]>([
    ["an empty expression", { ...fine, ConditionExpression: "" }],
    [
      "#other is given or used alone",
      { ...fine, ConditionExpression: "attribute_exists(#other) AND attribute_not_exists(#outcome)" },
    ],
    [":0 is given or used alone", { ...fine, UpdateExpression: "REMOVE #due" }],
    [":1 is given or used alone", { ...fine, UpdateExpression: "SET #due = :0, #outcome = :1" }],
    ["no placeholders", { Key: key, ExpressionAttributeValues: {} }],
    ["a limit below 1", { Limit: 0 }],
    ["sk of 1025 bytes", { Key: { ...key, sk: { S: "x".repeat(1025) } } }],
    ["pk of 2049 bytes", { Key: { ...key, pk: { S: `${"ö".repeat(1024)}x` } } }],
    ["listShard of 0 bytes", { Item: { ...key, listShard: { S: "" } } }],
    ["number Infinity", { Item: { ...key, due: { N: "Infinity" } } }],
    ["an empty set", { Item: { ...key, done: { NS: [] } } }],
    ["half a character", { Item: { ...key, cause: { S: "half a \ud83e" } } }],
  ])("%s", (what, body) => {
    expect(() => mustBeAccepted(body)).toThrow(`it has ${what}`);
  });
});
