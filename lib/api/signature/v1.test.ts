import { expect, it } from "vitest";
import { signV1, stringToSignV1 } from "./v1.ts";

/** The example of api.md §2.1. */
const params = new Map(
  Object.entries({
    AccessKeyId: "AKEXAMPLE",
    Action: "ReportTaskSucceeded",
    Format: "JSON",
    SignatureMethod: "HMAC-SHA1",
    SignatureNonce: "n-0001",
    SignatureType: "",
    SignatureVersion: "1.0",
    TaskToken: "a+b/c==",
    Timestamp: "2030-01-02T03:04:05Z",
    Version: "2019-03-15",
    Output: '{"ok": true}',
  }),
);

it("signs the method and all parameters", () => {
  expect(stringToSignV1("POST", params)).toBe(
    "POST&%2F&AccessKeyId%3DAKEXAMPLE%26Action%3DReportTaskSucceeded%26Format%3DJSON%26Output%3D%257B%2522ok%2522%253A" +
      "%2520true%257D%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3Dn-0001%26SignatureType%3D%26SignatureVersion" +
      "%3D1.0%26TaskToken%3Da%252Bb%252Fc%253D%253D%26Timestamp%3D2030-01-02T03%253A04%253A05Z%26Version%3D2019-03-15",
  );
  expect(signV1("POST", params, "SKEXAMPLE")).toBe("U1uT8nFtoSNc5Y9TSSDdFPo6I28=");
});

it("passes over a signature that is there already", () => {
  const signed = new Map([...params, ["Signature", "x"]]);
  expect(signV1("POST", signed, "SKEXAMPLE")).toBe(signV1("POST", params, "SKEXAMPLE"));
});

it("encodes reserved characters twice", () => {
  expect(stringToSignV1("GET", new Map([["A", "*' é"]]))).toBe("GET&%2F&A%3D%252A%2527%2520%25C3%25A9");
});
