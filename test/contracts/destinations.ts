/**
 * The contract of the destinations port, against an adapter with a queue `orders` and a topic `news`, and no queue or
 * topic `missing`.
 */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MessageParams } from "../../lib/engine/effect.ts";
import type { Destinations } from "../../lib/runtime/ports/destinations.ts";
import type { AttemptContext, CallResult } from "../../lib/runtime/ports/functions.ts";
import { hostileNames } from "./names.ts";

export interface DestinationsUnderTest {
  readonly destinations: Destinations;
  /** Bodies that arrived at queue `orders` or topic `news`, in any order. */
  arrived(kind: "queue" | "topic"): Promise<readonly string[]>;
  close(): Promise<void>;
}

const KIB = 1024;
const PLACE = { region: "", account: "" };
const CONTEXT: AttemptContext = {
  attemptId: "start-1..3",
  flow: "orders",
  execution: "run-1",
  step: "notify",
  retryCount: 0,
};

/** Registers the suite. `makeDestinations` is called for each test. */
export function destinationsContract(name: string, makeDestinations: () => Promise<DestinationsUnderTest>): void {
  describe(`destinations contract: ${name}`, () => {
    let made: DestinationsUnderTest;
    beforeEach(async () => {
      made = await makeDestinations();
    });
    afterEach(() => made.close());

    function send(kind: "queue" | "topic", message: MessageParams, missing = false): Promise<CallResult> {
      const call =
        kind === "queue"
          ? ({ kind, queue: missing ? "missing" : "orders", message, ...PLACE } as const)
          : ({ kind, topic: missing ? "missing" : "news", message, ...PLACE } as const);
      return made.destinations.send(call, CONTEXT);
    }

    describe.each(["queue", "topic"] as const)("a %s", (kind) => {
      test("receives the body and answers with MessageId, MessageBodyMD5 and RequestId", async () => {
        const result = await send(kind, { body: '{"order":"流程-1"}' });
        const md5 = createHash("md5").update('{"order":"流程-1"}').digest("hex");
        expect(result).toEqual({
          kind: "succeeded",
          output: {
            MessageId: expect.stringMatching(/./),
            MessageBodyMD5: expect.toSatisfy((text: string) => text.toLowerCase() === md5),
            RequestId: expect.stringMatching(/./),
          },
        });
        expect(await made.arrived(kind)).toEqual(['{"order":"流程-1"}']);
      });

      test("gives each message another id", async () => {
        const results = [await send(kind, { body: "a" }), await send(kind, { body: "a" })];
        const ids = results.map((result) => (result.kind === "succeeded" ? JSON.stringify(result.output) : undefined));
        expect(new Set(ids).size).toBe(2);
        expect(await made.arrived(kind)).toEqual(["a", "a"]);
      });

      test.each(hostileNames)("takes a body whatever it says: %s", async (body) => {
        expect((await send(kind, { body })).kind).toBe("succeeded");
        expect(await made.arrived(kind)).toEqual([body]);
      });

      test("takes attributes", async () => {
        expect((await send(kind, { body: "a", attributes: { tenant: "acme", language: "en" } })).kind).toBe(
          "succeeded",
        );
        expect(await made.arrived(kind)).toEqual(["a"]);
      });

      test("that does not exist is an error of MNS", async () => {
        expect(await send(kind, { body: "a" }, true)).toEqual({
          kind: "failed",
          error: expect.stringMatching(/^MNS\.\w+$/),
          cause: expect.stringContaining("missing"),
        });
      });
    });

    test.each([
      ["queue", 1024 * KIB, /SQS.*1 MiB/],
      ["topic", 256 * KIB, /SNS.*256 KB/],
    ] as const)(
      "a %s takes bodies of %i bytes; past that it is FnF.DataLimitExceeded, naming the limit",
      async (kind, limit, named) => {
        const body = "ö".repeat(limit / 2);
        expect((await send(kind, { body })).kind).toBe("succeeded");
        expect(await send(kind, { body: `${body}x` })).toEqual({
          kind: "failed",
          error: "FnF.DataLimitExceeded",
          cause: expect.stringMatching(named),
        });
        expect((await made.arrived(kind)).map((text) => text === body)).toEqual([true]);
      },
    );

    test("attributes count towards the limit", async () => {
      const attributes = { long: "x".repeat(10 * KIB) };
      expect(await send("queue", { body: "x".repeat(1020 * KIB), attributes })).toMatchObject({
        error: "FnF.DataLimitExceeded",
      });
      expect(await made.arrived("queue")).toEqual([]);
    });
  });
}
