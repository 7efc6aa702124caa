/** Whatever becomes of a signed request on its way, it is refused in form, or means what was signed. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type ApiRequest, readParams, readQuery } from "../params.ts";
import { ACS3_HEADERS, acs3Request, codeOf, KEY, NOW, SECRET, V1, v1Request, verify } from "./testing/signed.ts";

const CODES = new Set([
  ..."MissingRequiredParams MissingRequiredHeader InvalidAccessKeyID SignatureNotMatch RequestTimeTooSkewed".split(" "),
  ..."InvalidArgument ActionNotSupported UnsupportedMediaType".split(" "),
]);

const texts = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.string({ unit: "grapheme", maxLength: 8 }), {
  maxKeys: 3,
  noNullPrototype: true,
});

/** Names that objects have, that Node makes lists of, or that mean something here. */
const NAMES = [
  ..."__proto__ constructor toString set-cookie host accept authorization content-type content-encoding".split(" "),
  ..."x-acs-security-token x-acs-date x-acs-action x-acs-content-sha256 x-acs-signature-nonce".split(" "),
];

const PIECES = [
  ..."& = % + ; , %20 %00 %ff %c3%a9 Z 0 1 a é = SecurityToken=t &Signature= &Action=DeleteFlow Signature ACS3-".split(
    " ",
  ),
  ..."ACS3-HMAC-SHA256 ACS3-HMAC-SM3 SHA256withRSA BEARERTOKEN Credential= ;constructor ;__proto__ ;set-cookie".split(
    " ",
  ),
  ...["", " ", "\n", "\u0000", "\ud800", "http://h", "x".repeat(3_000), "host;".repeat(500)],
];

/** Replaces `length` characters at a place (a fraction of the text) by a piece. */
interface Edit {
  readonly place: number;
  readonly length: number;
  readonly piece: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(20),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 3 })),
});

function edited(text: string, { place, length, piece }: Edit): string {
  const start = Math.floor(place * text.length);
  return text.slice(0, start) + piece + text.slice(start + length);
}

type Change = (request: ApiRequest) => ApiRequest;

const onHeaders = (change: (headers: Map<string, string | undefined>) => unknown): Change => {
  return (request) => {
    const headers = new Map(Object.entries(request.headers));
    change(headers);
    return { ...request, headers: Object.fromEntries(headers) };
  };
};

const headerName = fc.constantFrom(...NAMES);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom("GET", "POST", "post", "PUT", "").map(
    (method): Change =>
      (request) => ({ ...request, method }),
  ),
  edit.map(
    (how): Change =>
      (request) => ({ ...request, target: edited(request.target, how) }),
  ),
  edit.map(
    (how): Change =>
      (request) => ({ ...request, body: edited(request.body, how) }),
  ),
  fc
    .tuple(headerName, edit)
    .map(([name, how]) => onHeaders((headers) => headers.set(name, edited(headers.get(name) ?? "", how)))),
  edit.map((how) =>
    onHeaders((headers) => headers.set("authorization", edited(headers.get("authorization") ?? "", how))),
  ),
  headerName.map((name) => onHeaders((headers) => headers.delete(name))),
  fc.constant(onHeaders((headers) => headers.set("set-cookie", ["a=b"] as unknown as string))),
);

const entries = (params: ReadonlyMap<string, string>) => [...params].sort(([a], [b]) => (a < b ? -1 : 1));

/** What a v1 signature covers: the method and the parameters, however they are written. */
const v1Meaning = (request: ApiRequest) => [request.method, entries(readParams(request))];

/** What an ACS3 signature covers. */
const acs3Meaning = ({ method, target, headers, body }: ApiRequest) => [
  ...[method, entries(readQuery(target)), body, headers.authorization?.replaceAll(" ", "")],
  ...[...Object.keys(ACS3_HEADERS), "x-acs-content-sha256"].map((name) => headers[name]?.trim()),
];

const schemes = [
  {
    scheme: "v1",
    request: fc.tuple(texts, texts).map(([query, body]) => v1Request({ ...query, ...V1 }, body)),
    meaning: v1Meaning,
  },
  {
    scheme: "ACS3",
    request: fc.tuple(texts, texts).map(([query, body]) => acs3Request(ACS3_HEADERS, query, body)),
    meaning: acs3Meaning,
  },
];

it.each(schemes)("$scheme verifies what was signed", async ({ request }) => {
  await fc.assert(
    fc.asyncProperty(request, async (signed) => {
      expect(await verify(signed)).toEqual({ accessKeyId: KEY, nonce: "n-0001", at: NOW });
    }),
  );
});

it.each(schemes)("$scheme refuses what was changed", async ({ request, meaning }) => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(request, fc.array(change, { minLength: 1, maxLength: 3 }), async (signed, changes) => {
      const arrived = changes.reduce((before, next) => next(before), signed);
      const code = await codeOf(verify(arrived));
      if (code !== undefined) expect(CODES).toContain(code);
      else expect(meaning(arrived)).toEqual(meaning(signed));
      accepted += code === undefined ? 1 : 0;
    }),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(0);
});

it.each(schemes)("$scheme refuses what another secret signed", async ({ request }) => {
  await fc.assert(
    fc.asyncProperty(request, fc.string(), async (signed, secret) => {
      fc.pre(secret !== SECRET);
      expect(await codeOf(verify(signed, { secret }))).toBe("SignatureNotMatch");
    }),
  );
});
