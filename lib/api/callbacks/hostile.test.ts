/** Whatever comes to a callback, an answer of the right form goes out, and nothing breaks inside. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { BROWSER, callbackWorld } from "../testing/callback-world.ts";

const text = fc.oneof(fc.string({ unit: "binary" }), fc.string());
const wellFormed = text.map((some) => some.toWellFormed());

const request = fc.record({
  method: fc.oneof(fc.constantFrom("GET", "HEAD", "POST", "PUT"), text),
  /** "" stands for the token of the task that waits. */
  token: fc.oneof(fc.constant(""), text, wellFormed.map(encodeURIComponent)),
  verb: fc.oneof(fc.constantFrom("", "/success", "/failure", "/heartbeat"), text),
  contentType: fc.oneof(fc.constantFrom(undefined, "application/json", "application/x-www-form-urlencoded"), text),
  body: fc.oneof(
    wellFormed,
    fc.json(),
    fc
      .dictionary(fc.constantFrom("error", "cause", "output", "__proto__"), fc.json())
      .map((some) => JSON.stringify(some)),
    fc.tuple(fc.constantFrom("output", "error", "cause", "x"), text).map((pair) => pair.join("=")),
  ),
  origin: fc.option(text, { nil: undefined }),
});

it("answers any request with JSON, or with a page to who wants one, and never fails inside", async () => {
  const { respond, token: real, faults } = await callbackWorld();
  await fc.assert(
    fc.asyncProperty(request, async ({ method, token, verb, contentType, body, origin }) => {
      const target = `/callbacks/${token === "" ? real : token}${verb}`;
      const headers = { "content-type": contentType, origin };
      const json = await respond({ method, target, headers: { ...headers, accept: "application/json" }, body });
      expect(json.status).toBeLessThan(500);
      const fields = JSON.parse(json.body);
      expect(fields.RequestId).toMatch(/./);
      expect("Code" in fields && "Message" in fields).toBe(json.status !== 200);
      expect(json.headers["content-type"]).toBe("application/json");
      const page = await respond({ method, target, headers: { ...headers, accept: BROWSER }, body });
      expect(page.status).toBeLessThan(500);
      expect(page.body).toMatch(/^(?:<!doctype html>|\{)/);
    }),
    { numRuns: 1_000 },
  );
  expect(faults).toEqual([]);
});
