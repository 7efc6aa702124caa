import { describe, expect, test } from "vitest";
import type { Entry, Header, Packed } from "../../../lib/runtime/ports/journal.ts";
import type { Execution } from "../../chaos/invariants/records.ts";
import type { AwsRequest } from "./aws-request.ts";
import { checkLeases, type LeaseCheck } from "./lease-check.ts";
import { leaseLedger } from "./lease-ledger.ts";

const LEASE_MS = 11_000;
const PLACE = "J#start J##0000000000";
const ATTEMPT = "start::0";

/** An attempt that was invoked, whose worker died, and that ran again when the lease was over. */
const GOOD: LeaseCheck = {
  leaseMs: LEASE_MS,
  grants: new Map([
    [
      PLACE,
      [
        { owner: "a", until: 11_000, at: 5 },
        { owner: "b", until: 23_000, at: 12_010 },
      ],
    ],
  ]),
  invoked: [
    { attemptId: ATTEMPT, at: 20 },
    { attemptId: ATTEMPT, at: 12_030 },
  ],
  executions: [],
  ran: [ATTEMPT, ATTEMPT],
};

describe("the check of leases", () => {
  test("finds nothing where an attempt ran again after its lease was over", () => {
    expect(checkLeases(GOOD)).toEqual({ attempts: 1, reruns: 1, takeovers: 1, violations: [] });
  });

  test("does not count an extension as another owner", () => {
    const grants = new Map([
      [
        PLACE,
        [
          { owner: "a", until: 11_000, at: 5 },
          { owner: "a", until: 17_000, at: 6_005 },
        ],
      ],
    ]);
    expect(checkLeases({ ...GOOD, grants, invoked: GOOD.invoked.slice(0, 1), ran: [ATTEMPT] })).toMatchObject({
      takeovers: 0,
      violations: [],
    });
  });

  test("finds an attempt that ran twice while one lease lasted", () => {
    const invoked = [
      { attemptId: ATTEMPT, at: 20 },
      { attemptId: ATTEMPT, at: 9_000 },
    ];
    expect(checkLeases({ ...GOOD, invoked }).violations).toEqual([`attempt ${ATTEMPT} ran 2 times under one owner, a`]);
  });

  test("finds a lease that was taken before it was over", () => {
    const grants = new Map([
      [
        PLACE,
        [
          { owner: "a", until: 11_000, at: 5 },
          { owner: "b", until: 21_999, at: 10_999 },
        ],
      ],
    ]);
    expect(checkLeases({ ...GOOD, grants }).violations).toEqual([
      `lease of ${PLACE} was taken over 1 ms before it was over`,
    ]);
  });

  test("finds a run without a lease", () => {
    const invoked = [{ attemptId: ATTEMPT, at: 4 }];
    expect(checkLeases({ ...GOOD, invoked, ran: [] }).violations).toEqual([`attempt ${ATTEMPT} ran under no lease`]);
  });

  test("finds a function that ran more often than it was invoked", () => {
    expect(checkLeases({ ...GOOD, ran: [ATTEMPT, ATTEMPT, ATTEMPT] }).violations).toEqual([
      `attempt ${ATTEMPT} ran 3 times and was invoked 2 times`,
    ]);
  });

  test("finds a lease in the journal that nobody saw written", () => {
    const entry: Entry = {
      ...{ startId: "start", branch: "", seq: 0, at: 1, anchor: 0, writer: "a", events: 1, effect: "invoke" },
      event: "{}" as Packed,
      lease: { owner: "c", until: 40_000 },
    };
    const execution: Execution = {
      header: { startId: "start" } as Header,
      ...{ input: true, output: true, branches: new Map([["", [entry]]]), messages: [] },
      ...{ verdicts: new Map(), joins: new Map(), outputs: new Map() },
    };
    expect(checkLeases({ ...GOOD, executions: [execution] }).violations).toEqual([
      expect.stringContaining("until 40000, was not written through the proxy"),
    ]);
  });
});

describe("the ledger of leases", () => {
  const request = (service: AwsRequest["service"], action: string, body: object, headers = {}): AwsRequest => ({
    ...{ service, action, method: "POST", path: "/", at: 7, headers },
    body: Buffer.from(JSON.stringify(body)),
  });
  const answer = (status: number) => ({ status, headers: {}, body: Buffer.alloc(0) });
  const [pk, sk] = [{ S: "J#start" }, { S: "J##0000000000" }];
  const append = request("dynamodb", "PutItem", {
    Item: { pk, sk, leaseOwner: { S: "a" }, leaseUntil: { N: "11000" } },
  });
  const replace = request("dynamodb", "UpdateItem", {
    Key: { pk, sk },
    UpdateExpression: "SET #leaseOwner = :0, #leaseUntil = :1",
    ConditionExpression: "#leaseOwner = :2 AND #leaseUntil = :3",
    ExpressionAttributeNames: { "#leaseOwner": "leaseOwner", "#leaseUntil": "leaseUntil" },
    ExpressionAttributeValues: { ":0": { S: "b" }, ":1": { N: "22000" }, ":2": { S: "a" }, ":3": { N: "11000" } },
  });
  const context = Buffer.from(JSON.stringify({ custom: { attemptId: ATTEMPT } })).toString("base64");
  const invoke = request("lambda", "Invoke", {}, { "x-amz-client-context": context });

  test("has the lease of an entry and the one that replaced it, in their order however they were answered", () => {
    const ledger = leaseLedger();
    ledger.note(replace, answer(200));
    ledger.note(append, answer(200));
    expect([...ledger.grants]).toEqual([
      [
        "J#start J##0000000000",
        [
          expect.objectContaining({ owner: "a", until: 11_000 }),
          expect.objectContaining({ owner: "b", until: 22_000 }),
        ],
      ],
    ]);
  });

  test("has no lease that was refused", () => {
    const ledger = leaseLedger();
    ledger.note(append, answer(400));
    expect(ledger.grants.size).toBe(0);
  });

  test("has what was invoked, throttled or not being what tells", () => {
    const ledger = leaseLedger();
    ledger.note(invoke, answer(429));
    ledger.note(invoke, answer(200));
    expect(ledger.invoked).toEqual([{ attemptId: ATTEMPT, at: 7 }]);
  });
});
