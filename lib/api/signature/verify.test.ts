import { describe, expect, it } from "vitest";
import { type ApiRequest, readParams } from "../params.ts";
import {
  ACS3_HEADERS,
  acs3Request,
  codeOf,
  KEY,
  NOW,
  SECRET,
  type Texts,
  V1,
  v1Request,
  verify,
} from "./testing/signed.ts";
import { verifySignature } from "./verify.ts";

const TOKEN = "CAIS+token/with=chars";

function without(texts: Texts, name: string): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([other]) => other !== name));
}

function withHeaders(request: ApiRequest, headers: ApiRequest["headers"]): ApiRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

/** Both schemes, each signing at a time, perhaps with a security token. */
const SCHEMES = [
  {
    scheme: "v1",
    time: "Timestamp",
    token: "SecurityToken",
    missing: "MissingRequiredParams",
    signed: (texts: Texts = {}, secret = SECRET) => v1Request({ ...V1, ...texts }, { Output: "{}" }, secret),
  },
  {
    scheme: "ACS3",
    time: "x-acs-date",
    token: "x-acs-security-token",
    missing: "MissingRequiredHeader",
    signed: (texts: Texts = {}, secret = SECRET) =>
      acs3Request({ ...ACS3_HEADERS, ...texts }, { TaskToken: "t" }, { Output: "{}" }, secret),
  },
];

describe.each(SCHEMES)("$scheme", ({ time, token, missing, signed }) => {
  it("says who signed, when, and the nonce", async () => {
    expect(await verify(signed())).toEqual({ accessKeyId: KEY, nonce: "n-0001", at: NOW });
  });

  it("takes an absolute target, as through a proxy", async () => {
    const request = signed();
    await verify({ ...request, target: `http://cn-hangzhou.fnf.aliyuncs.com${request.target}` });
  });

  it.each([-900_000, -899_999, 0, 900_000])("accepts a time of %i ms", async (skew) => {
    expect(await verify(signed(), undefined, NOW - skew)).toMatchObject({ at: NOW });
  });

  it.each([-901_000, -900_001, 900_001, 901_000])("refuses a time of %i ms", async (skew) => {
    await expect(verify(signed(), undefined, NOW - skew)).rejects.toMatchObject({
      code: "RequestTimeTooSkewed",
      message: expect.stringMatching(`^${time} 2030-01-02T03:04:05Z is more than 15 minutes .* clock`),
    });
  });

  it("judges the time before all that a stranger could learn from", async () => {
    const late = NOW + 3_600_000;
    const skewed = { code: "RequestTimeTooSkewed" };
    await expect(verify(signed(), undefined, late)).rejects.toMatchObject(skewed);
    await expect(verify(signed({}, "wrong"), undefined, late)).rejects.toMatchObject(skewed);
    const credentials = () => Promise.reject(new Error("was looked up"));
    await expect(verifySignature(signed(), readParams(signed()), { credentials, now: late })).rejects.toMatchObject(
      skewed,
    );
  });

  it.each([
    "2030-01-02 03:04:05Z",
    "2030-01-02T03:04:05",
    "2030-01-02T03:04:05.000Z",
    "2030-01-02T03:04:05+00:00",
    "2030-02-30T03:04:05Z",
    "2030-01-02T24:00:00Z",
    "2030-01-02T03:04:60Z",
    "+02030-01-02T03:04:05Z",
    "1893553445",
    "now",
  ])("refuses the time %j", async (text) => {
    await expect(verify(signed({ [time]: text }))).rejects.toMatchObject({
      code: "InvalidArgument",
      message: expect.stringContaining(time),
    });
  });

  it("refuses another secret, and tells neither it nor the right signature", async () => {
    const error = await verify(signed({}, "wrong")).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SignatureNotMatch", message: expect.stringContaining("check the secret") });
    const right = signed();
    const signature = right.headers.authorization?.split("Signature=")[1] ?? readParams(right).get("Signature");
    expect(error.message).not.toContain(SECRET);
    expect(error.message).not.toContain(signature);
  });

  it("passes on what goes wrong while the key is looked up", async () => {
    const credentials = () => Promise.reject(new Error("no table"));
    const verdict = verifySignature(signed(), readParams(signed()), { credentials, now: NOW });
    await expect(verdict).rejects.toThrow("no table");
  });

  it("takes a security token with its key pair only", async () => {
    const pair = { secret: SECRET, securityToken: TOKEN };
    const withToken = signed({ [token]: TOKEN });
    expect(await verify(withToken, pair)).toMatchObject({ accessKeyId: KEY });
    expect(await codeOf(verify(withToken))).toBe("InvalidAccessKeyID");
    expect(await codeOf(verify(withToken, { ...pair, securityToken: "another" }))).toBe("InvalidAccessKeyID");
    expect(await codeOf(verify(signed({ [token]: TOKEN.toLowerCase() }), pair))).toBe("InvalidAccessKeyID");
    const missed = { code: missing, message: expect.stringContaining(token) };
    await expect(verify(signed(), pair)).rejects.toMatchObject(missed);
    await expect(verify(signed({ [token]: "" }), pair)).rejects.toMatchObject(missed);
    expect(await verify(signed({ [token]: "" }))).toMatchObject({ accessKeyId: KEY });
  });

  it("says nothing of a token to whoever does not know the secret", async () => {
    const pair = { secret: SECRET, securityToken: TOKEN };
    for (const texts of [{}, { [token]: TOKEN }, { [token]: "another" }]) {
      expect(await codeOf(verify(signed(texts, "wrong"), pair))).toBe("SignatureNotMatch");
    }
  });
});

describe("v1", () => {
  it.each(Object.keys(V1))("needs %s", async (name) => {
    const refusal = { code: "MissingRequiredParams", message: expect.stringContaining(` ${name} `) };
    await expect(verify(v1Request(without(V1, name)))).rejects.toMatchObject(refusal);
    await expect(verify(v1Request({ ...V1, [name]: "" }))).rejects.toMatchObject(refusal);
  });

  it.each([{}, { authorization: "Basic QTpC" }, { authorization: "MNS AKEXAMPLE:c2lnbmF0dXJl" }])(
    "refuses a request without a signature",
    async (headers) => {
      await expect(verify({ method: "GET", target: "/?Action=ListFlows", headers, body: "" })).rejects.toMatchObject({
        code: "MissingRequiredParams",
        message: expect.stringContaining("Signature is missing"),
      });
    },
  );

  it.each([
    ["SignatureMethod", "SHA256withRSA"],
    ["SignatureMethod", "hmac-sha1"],
    ["SignatureType", "BEARERTOKEN"],
    ["SignatureVersion", "2.0"],
  ])("does not support %s %s", async (name, value) => {
    await expect(verify(v1Request({ ...V1, [name]: value }))).rejects.toMatchObject({
      code: "InvalidArgument",
      message: expect.stringContaining(`${name} "${value}"`),
    });
  });

  it.each(["AKOTHER", "", "a b", "é", "x".repeat(129)])("knows no access key %j", async (id) => {
    const looked: string[] = [];
    const credentials = async (asked: string) => {
      looked.push(asked);
      return undefined;
    };
    const request = v1Request({ ...V1, AccessKeyId: id });
    const code = await codeOf(verifySignature(request, readParams(request), { credentials, now: NOW }));
    expect(code).toBe(id === "" ? "MissingRequiredParams" : "InvalidAccessKeyID");
    expect(looked).toEqual(id === "AKOTHER" ? [id] : []);
  });

  it("signs parameters, wherever they stand", async () => {
    const request = v1Request(V1, { Output: "a b" });
    const all = `${request.target.slice(2)}&Output=a+b`;
    await verify({ ...request, target: `/?${all}`, body: "" });
    await verify({ ...request, target: "/", body: all });
  });
});

describe("ACS3", () => {
  it.each(["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"])(
    "needs %s, and needs it signed",
    async (name) => {
      const request = acs3Request();
      await expect(verify(withHeaders(request, { [name]: undefined }))).rejects.toMatchObject({
        code: "MissingRequiredHeader",
        message: expect.stringContaining(` ${name} `),
      });
      const authorization = request.headers.authorization?.replace(new RegExp(`${name};|;${name}(?=,)`), "");
      await expect(verify(withHeaders(request, { authorization }))).rejects.toMatchObject({
        code: "InvalidArgument",
        message: expect.stringContaining(` ${name} is not signed`),
      });
    },
  );

  it.each(["ACS3-HMAC-SM3", "ACS3-RSA-SHA256", "ACS3-HMAC-SHA256x", "ACS3-"])("does not support %s", async (name) => {
    const authorization = acs3Request().headers.authorization?.replace("ACS3-HMAC-SHA256", name);
    await expect(verify(withHeaders(acs3Request(), { authorization }))).rejects.toMatchObject({
      code: "InvalidArgument",
      message: expect.stringContaining(name),
    });
  });

  it.each([
    "ACS3-HMAC-SHA256",
    "ACS3-HMAC-SHA256 ",
    "ACS3-HMAC-SHA256 Credential=AKEXAMPLE",
    "ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=0",
    "ACS3-HMAC-SHA256 Credential=AKEXAMPLE,SignedHeaders=,Signature=0",
    "ACS3-HMAC-SHA256 Credential=AKEXAMPLE,SignedHeaders=host,Signature=",
    "ACS3-HMAC-SHA256 Credential=AKEXAMPLE,SignedHeaders=host,Signature=0,",
    "ACS3-HMAC-SHA256 Credential=AKEXAMPLE,SignedHeaders=host;host,Signature=0",
    "ACS3-HMAC-SHA256 Credential=AKEXAMPLE,SignedHeaders=Host,Signature=0",
    "ACS3-HMAC-SHA256 Credential=AKEXAMPLE,SignedHeaders=host;;accept,Signature=0",
  ])("refuses Authorization %j", async (authorization) => {
    expect(await codeOf(verify(withHeaders(acs3Request(), { authorization })))).toBe("InvalidArgument");
  });

  it.each(["constructor", "toString", "__proto__", "set-cookie", "accept"])("has no header %s", async (name) => {
    const authorization = acs3Request().headers.authorization?.replace("host;", `host;${name};`);
    const headers = { ...acs3Request().headers, authorization, "set-cookie": ["a=b"] as unknown as string };
    // Names in lower case only are looked up.
    const code = name === "toString" ? "InvalidArgument" : "MissingRequiredHeader";
    expect(await codeOf(verify({ ...acs3Request(), headers }))).toBe(code);
  });

  it("needs a security token that is sent to be signed", async () => {
    const held = { secret: SECRET, securityToken: TOKEN };
    const request = withHeaders(acs3Request(), { "x-acs-security-token": TOKEN });
    expect(await codeOf(verify(request, held))).toBe("InvalidArgument");
  });

  it("compares the body with its hash", async () => {
    const request = acs3Request(ACS3_HEADERS, {}, { Output: "{}" });
    await expect(verify({ ...request, body: "Output=%7B%7Dx" })).rejects.toMatchObject({
      code: "SignatureNotMatch",
      message: expect.stringContaining("body"),
    });
    const wrong = acs3Request({ ...ACS3_HEADERS, "x-acs-content-sha256": "0".repeat(64) });
    expect(await codeOf(verify(wrong))).toBe("SignatureNotMatch");
  });

  it("signs the query apart from the body that wins over it", async () => {
    const request = acs3Request(ACS3_HEADERS, { Output: "query" }, { Output: "body" });
    await verify(request);
    expect(await codeOf(verify({ ...request, target: "/?Output=other" }))).toBe("SignatureNotMatch");
    expect(await codeOf(verify({ ...request, target: "/" }))).toBe("SignatureNotMatch");
  });

  it("counts before a parameter Signature", async () => {
    const request = withHeaders(v1Request(), { authorization: acs3Request().headers.authorization });
    expect(await codeOf(verify(request))).toBe("MissingRequiredHeader");
  });
});
