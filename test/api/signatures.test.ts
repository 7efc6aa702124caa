/** The signatures that the service's own SDKs make are right, and wrong once anything that they cover is changed. */
import { beforeAll, describe, expect, it } from "vitest";
import { type ApiRequest, readParams } from "../../lib/api/params.ts";
import { codeOf } from "../../lib/api/signature/testing/signed.ts";
import { type Credentials, type Signed, verifySignature } from "../../lib/api/signature/verify.ts";
import { type Recorded, recorded } from "./recorded.ts";

const SECRET = "test-secret-KEY/+=";
const TOKEN = "CAIS+token/with=chars";

/** What may be refused, once changed, before signatures are compared: the parts of a signature, and the form of the body. */
const JUDGED_FIRST =
  /^(?:AccessKeyId|Action|Signature\w*|Timestamp|Version|content-type)$|^x-|^(?:accept|host|user-agent)$/;

const EARLY = /^(?:InvalidAccessKeyID|InvalidArgument|MissingRequired(?:Params|Header)|UnsupportedMediaType)$/;

function requestOf({ method, url, headers, body }: Recorded): ApiRequest {
  return { method, target: url, headers, body: Buffer.from(body, "latin1").toString() };
}

const isAcs3 = ({ headers }: Recorded) => headers.authorization !== undefined;

/** When a request was signed, by what it says itself. */
function timeOf(request: ApiRequest): number {
  return Date.parse(readParams(request).get("Timestamp") ?? request.headers["x-acs-date"] ?? "");
}

/** Verifies at the time at which `sent` was signed. */
async function verify(request: ApiRequest, sent: Recorded, held: Partial<Credentials> = {}): Promise<Signed> {
  const temporary = readParams(requestOf(sent)).has("SecurityToken") || "x-acs-security-token" in sent.headers;
  const credentials = async (id: string) =>
    ["LTAI-test-id", "STS.id"].includes(id)
      ? { secret: SECRET, ...(temporary ? { securityToken: TOKEN } : {}), ...held }
      : undefined;
  return await verifySignature(request, readParams(request), { credentials, now: timeOf(requestOf(sent)) });
}

interface Change {
  /** A parameter's name, a header's, or "method". */
  readonly part: string;
  readonly how: "changed" | "emptied" | "renamed" | "removed" | "added";
  readonly request: ApiRequest;
}

/** A text of parameters with one of them changed, or one more; the others stay as they are written. */
type ChangedPairs = Pick<Change, "part" | "how"> & { readonly text: string };

function changedPairs(text: string): readonly ChangedPairs[] {
  const pairs = text === "" ? [] : text.split("&");
  return [
    { part: "Added", how: "added", text: [...pairs, "Added=1"].join("&") },
    ...pairs.flatMap((pair, index): readonly ChangedPairs[] => {
      const [part = ""] = pair.split("=", 1);
      const others = pairs.toSpliced(index, 1).join("&");
      const emptied: ChangedPairs = { part, how: "emptied", text: pairs.with(index, `${part}=`).join("&") };
      return [
        { part, how: "changed", text: pairs.with(index, `${pair}x`).join("&") },
        { part, how: "renamed", text: pairs.with(index, `x${pair}`).join("&") },
        { part, how: "removed", text: others },
        ...(pair === `${part}=` ? [] : [emptied]),
      ];
    }),
  ];
}

function changes(sent: Recorded): readonly Change[] {
  const request = requestOf(sent);
  const { method, target, headers, body } = request;
  const withHeader = (name: string, value?: string) => ({ ...request, headers: { ...headers, [name]: value } });
  return [
    { part: "method", how: "changed", request: { ...request, method: method === "GET" ? "POST" : "GET" } },
    ...changedPairs(target.slice(2)).map(({ text, ...change }) => ({
      ...change,
      request: { ...request, target: `/?${text}` },
    })),
    ...changedPairs(body).map(({ text, ...change }) => ({ ...change, request: { ...request, body: text } })),
    ...signedHeaders(sent).flatMap((part): readonly Change[] => [
      { part, how: "changed", request: withHeader(part, `${headers[part]}x`) },
      { part, how: "removed", request: withHeader(part) },
    ]),
  ];
}

function signedHeaders({ headers }: Recorded): readonly string[] {
  return /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
}

it("has requests of both schemes, with and without security tokens", () => {
  const tokens = (of: readonly Recorded[]) => of.filter((sent) => JSON.stringify(sent).includes("CAIS"));
  const acs3 = recorded.filter(isAcs3);
  expect([recorded.length, acs3.length, tokens(recorded).length, tokens(acs3).length]).toEqual([132, 22, 43, 11]);
});

describe.each(recorded)("request $n, $action of $tag", (sent) => {
  let request: ApiRequest;

  beforeAll(() => {
    request = requestOf(sent);
  });

  it("is signed rightly", async () => {
    expect(await verify(request, sent)).toEqual({
      accessKeyId: expect.stringMatching(/^(?:LTAI-test-id|STS\.id)$/),
      nonce: expect.stringMatching(/^[0-9a-f-]{32,36}$/),
      at: timeOf(request),
    });
  });

  it("is not signed so by the holder of another secret", async () => {
    expect(await codeOf(verify(request, sent, { secret: `${SECRET}x` }))).toBe("SignatureNotMatch");
  });

  it("is not signed so with another security token", async () => {
    expect(await codeOf(verify(request, sent, { securityToken: "another" }))).toMatch(
      /^(?:InvalidAccessKeyID|MissingRequired(?:Params|Header))$/,
    );
  });

  it("is refused once it is changed", async () => {
    const codes = await Promise.all(
      changes(sent).map(async ({ part, how, request: changed }) => ({
        change: `${part} ${how}`,
        code: await codeOf(verify(changed, sent)),
        early: JUDGED_FIRST.test(part),
      })),
    );
    expect(codes.length).toBeGreaterThan(10);
    for (const { change, code, early } of codes) {
      if (early && code !== undefined && EARLY.test(code)) continue;
      expect({ change, code }).toEqual({ change, code: "SignatureNotMatch" });
    }
  });
});
