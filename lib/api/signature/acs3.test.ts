import { expect, it } from "vitest";
import { type Acs3Content, acs3Authorization, canonicalRequest, sha256Hex, signAcs3 } from "./acs3.ts";

const BODY_HASH = "14b88112ed8c9e2fbcbdd719cfe130ee214f44905a8fc5b8224e476692a243aa";

/** The example of api.md §2.2. */
const content: Acs3Content = {
  method: "POST",
  query: new Map([["TaskToken", "a+b/c=="]]),
  headers: new Map(
    Object.entries({
      "content-type": "application/x-www-form-urlencoded",
      host: "127.0.0.1:8080",
      "x-acs-action": "ReportTaskSucceeded",
      "x-acs-content-sha256": BODY_HASH,
      "x-acs-date": "2030-01-02T03:04:05Z",
      "x-acs-signature-nonce": "n-0001",
      "x-acs-version": "2019-03-15",
    }),
  ),
  contentHash: sha256Hex("Output=%7B%22ok%22%3A+true%7D"),
};

it("signs method, query, headers and the hash of the body", () => {
  expect(content.contentHash).toBe(BODY_HASH);
  expect(canonicalRequest(content)).toBe(
    [
      "POST\n/\nTaskToken=a%2Bb%2Fc%3D%3D",
      "content-type:application/x-www-form-urlencoded\nhost:127.0.0.1:8080\nx-acs-action:ReportTaskSucceeded",
      `x-acs-content-sha256:${BODY_HASH}\nx-acs-date:2030-01-02T03:04:05Z`,
      "x-acs-signature-nonce:n-0001\nx-acs-version:2019-03-15\n",
      "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version",
      BODY_HASH,
    ].join("\n"),
  );
  expect(sha256Hex(canonicalRequest(content))).toBe("782c0910c2a3cbef5d524e0f1c51b132672c08485019682ec05df1e83b1a0ebe");
  expect(signAcs3(content, "SKEXAMPLE")).toBe("f045128cc662577d61f4628aadbf76db246fe3b9b18933af64a99d35acc11eab");
});

it("trims the values of headers", () => {
  const headers = new Map([...content.headers, ["host", "  127.0.0.1:8080 "]]);
  expect(canonicalRequest({ ...content, headers })).toBe(canonicalRequest(content));
});

it("hashes an empty body", () => {
  expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

it("writes the header Authorization", () => {
  expect(acs3Authorization("AKEXAMPLE", content, "SKEXAMPLE")).toBe(
    "ACS3-HMAC-SHA256 Credential=AKEXAMPLE,SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;" +
      "x-acs-date;x-acs-signature-nonce;x-acs-version," +
      "Signature=f045128cc662577d61f4628aadbf76db246fe3b9b18933af64a99d35acc11eab",
  );
});
