import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostileNames } from "../../test/contracts/names.ts";
import { memoryBlobs } from "../memory/blobs.ts";
import { fromWire, toWire } from "./wire-body.ts";

const LIMIT = { maxBytes: 1000, service: "SQS" };

describe("a body in an SQS message", () => {
  test.each(['{"kind":"advance"}', "{}\n#2 []{}\n\t", "流程 🪜", "text"])("stands there as it is: %j", async (body) => {
    expect(await toWire(body, LIMIT)).toBe(body);
  });

  test.each([
    "",
    "\u0000",
    "a\u001b",
    "\ufffe",
    "\uffff",
    "\ud800",
    "x\udc00",
    '"quoted"',
    "@name",
    "<aws.scheduler.execution-id>",
  ])("is a JSON literal where SQS or Scheduler would not leave it alone: %j", async (body) => {
    const wire = await toWire(body, LIMIT);
    expect(JSON.parse(wire)).toBe(body);
    expect(wire).not.toMatch(/[\p{Cc}\p{Cs}\ufffe\uffff]|<aws\.scheduler/u);
  });

  test.each(hostileNames)("arrives as it was sent: %s", async (body) => {
    expect(await fromWire(await toWire(body, LIMIT))).toBe(body);
  });

  test("arrives as it was sent, whatever it is", async () => {
    const blobs = memoryBlobs();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 50 }), async (body) => {
        expect(await fromWire(await toWire(body, { ...LIMIT, maxBytes: 40, blobs }), blobs)).toBe(body);
      }),
    );
  });

  test("that is too long is set aside, and a reference travels", async () => {
    const blobs = memoryBlobs();
    const body = "ö".repeat(501);
    const wire = await toWire(body, { ...LIMIT, blobs });
    expect(wire).toBe(`@${createHash("sha256").update(body).digest("hex")}`);
    expect(await fromWire(wire, blobs)).toBe(body);
    expect(await toWire("ö".repeat(500), { ...LIMIT, blobs })).toBe("ö".repeat(500));
  });

  test("that is too long is refused where nothing can be set aside, naming the limit", async () => {
    await expect(toWire("x".repeat(1001), LIMIT)).rejects.toMatchObject({
      code: "FnF.DataLimitExceeded",
      message: expect.stringMatching(/1001 bytes.*SQS.*1000/),
    });
    await expect(fromWire("@hash")).rejects.toThrow(/set aside/);
  });
});
