import { expect, test } from "vitest";
import { BROWSER, callbackWorld } from "../../api/testing/callback-world.ts";
import { serveUrl, type UrlEvent, type UrlRequest } from "./function-url.ts";

const invocation = (ms: number) => ({ getRemainingTimeInMillis: () => ms });

const event = (rest: Partial<UrlEvent> = {}): UrlEvent => ({
  rawPath: "/",
  requestContext: { http: { method: "POST" } },
  headers: { host: "abc.lambda-url.eu-west-1.on.aws", "content-type": "application/x-www-form-urlencoded" },
  ...rest,
});

/** The request that the API gets of an event. */
async function requestOf(of: UrlEvent): Promise<UrlRequest | undefined> {
  let got: UrlRequest | undefined;
  const answer = await serveUrl(
    async (request) => {
      got = request;
      return { status: 200, headers: {}, body: "" };
    },
    of,
    invocation(10_000),
  );
  expect(answer.statusCode).toBe(200);
  return got;
}

test("a request keeps method, path and query as they were sent, and its headers but the host", async () => {
  const sent = event({
    rawPath: "/a%20b",
    rawQueryString: "Input=%7B%22a%22%3A1%7D&Limit=5&x=a+b",
    requestContext: { http: { method: "GET" } },
    headers: { host: "abc.lambda-url.eu-west-1.on.aws", "x-acs-action": "ListFlows" },
  });
  expect(await requestOf(sent)).toEqual({
    method: "GET",
    target: "/a%20b?Input=%7B%22a%22%3A1%7D&Limit=5&x=a+b",
    headers: { "x-acs-action": "ListFlows" },
    body: "",
  });
});

test("a request without query or headers is one all the same", async () => {
  const { headers: _, ...bare } = event({ rawQueryString: "" });
  expect(await requestOf({ ...bare, body: null })).toEqual({ method: "POST", target: "/", headers: {}, body: "" });
});

test("a body is a text, in base64 or not", async () => {
  const text = "Action=StartExecution&Input=ö";
  expect((await requestOf(event({ body: text })))?.body).toBe(text);
  const encoded = Buffer.from(text).toString("base64");
  expect((await requestOf(event({ body: encoded, isBase64Encoded: true })))?.body).toBe(text);
});

test.each([
  { what: "more than 1 MiB", bytes: Buffer.alloc(1_048_577, "a"), Code: "EntityTooLarge" },
  { what: "no UTF-8", bytes: Buffer.from([0x61, 0xff]), Code: "InvalidArgument" },
])("a body of $what is refused in the API's form, and the API does not see it", async ({ bytes, Code }) => {
  let seen = 0;
  const api = async () => {
    seen++;
    return { status: 200, headers: {}, body: "" };
  };
  const answer = await serveUrl(
    api,
    event({ body: bytes.toString("base64"), isBase64Encoded: true }),
    invocation(10_000),
  );
  expect(answer).toMatchObject({ statusCode: 400, headers: { "content-type": "application/json" } });
  expect(JSON.parse(answer.body)).toEqual({ RequestId: expect.stringMatching(/./), Code, Message: expect.any(String) });
  expect(seen).toBe(0);
});

test("a body of 1 MiB is taken", async () => {
  expect((await requestOf(event({ body: "a".repeat(1_048_576) })))?.body).toHaveLength(1_048_576);
});

test("the answer has the API's status, headers and body", async () => {
  const answer = { status: 404, headers: { "content-type": "application/json" }, body: '{"Code":"FlowNotExists"}' };
  expect(await serveUrl(async () => answer, event(), invocation(10_000))).toEqual({
    statusCode: 404,
    headers: answer.headers,
    body: answer.body,
  });
});

test.each([
  { what: "of 6 MB of letters", body: "a".repeat(6 * 1024 * 1024) },
  { what: "that is longer than 6 MB only as Lambda carries it", body: '"'.repeat(4_000_000) },
  { what: "whose characters take more bytes", body: "ä".repeat(4_000_000) },
])("an answer $what is refused by a sentence that says so", async ({ body }) => {
  const answer = await serveUrl(async () => ({ status: 200, headers: {}, body }), event(), invocation(10_000));
  expect(answer.statusCode).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ Code: "EntityTooLarge", Message: expect.stringContaining("6 MB") });
});

test("an answer of 4 MB is carried", async () => {
  const body = "a".repeat(4 * 1024 * 1024);
  const answer = await serveUrl(async () => ({ status: 200, headers: {}, body }), event(), invocation(10_000));
  expect(answer).toEqual({ statusCode: 200, headers: {}, body });
});

test("who waits hears of it three seconds before the invocation's time is up", async () => {
  const begun = performance.now();
  const waited = await serveUrl(
    (_request, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ status: 200, headers: {}, body: String(signal.reason) }));
      }),
    event(),
    invocation(3_200),
  );
  expect(waited.body).toContain("time is up");
  expect(performance.now() - begun).toBeGreaterThan(190);
});

test("the form of a callback's page is taken, though the API sees no host to compare the origin with", async () => {
  const { handle, clock, token, describe } = await callbackWorld();
  const headers = { host: "abc.lambda-url.eu-west-1.on.aws", accept: BROWSER };
  const serve = (of: Partial<UrlEvent>) => clock.runUntil(serveUrl(handle, event(of), invocation(10_000)));
  const http = (method: string) => ({ requestContext: { http: { method } }, rawPath: `/callbacks/${token}/success` });

  const page = await serve({ ...http("GET"), headers });
  expect(page).toMatchObject({ statusCode: 200, body: expect.stringContaining('action="./success"') });
  expect(page.headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  expect(await serve({ ...http("HEAD"), headers })).toEqual({ ...page, body: "" });

  for (const [origin, statusCode] of [
    ["null", 200],
    ["https://abc.lambda-url.eu-west-1.on.aws", 400],
  ] as const) {
    const answer = await serve({
      ...http("POST"),
      headers: { ...headers, origin, "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from("output=%7B%22by%22%3A%22Ann%22%7D").toString("base64"),
      isBase64Encoded: true,
    });
    expect(answer.statusCode).toBe(statusCode);
  }
  expect(await describe(60)).toMatchObject({ Status: "Succeeded", Output: '{"by":"Ann"}' });
});
