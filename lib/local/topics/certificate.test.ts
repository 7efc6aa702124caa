import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { selfSigned } from "./certificate.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

test("the certificate is a valid X.509 of the key, signed by it", () => {
  const certificate = new X509Certificate(selfSigned(pem, "sns.local", new Date("2026-03-04T05:06:07Z")));
  expect(certificate.subject).toBe("CN=sns.local");
  expect(certificate.issuer).toBe("CN=sns.local");
  expect(certificate.verify(publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(privateKey)).toBe(true);
  expect(certificate.validFromDate).toEqual(new Date("2026-03-04T05:06:07Z"));
  expect(certificate.validToDate).toEqual(new Date("2036-03-04T05:06:07Z"));
  expect(certificate.serialNumber).toMatch(/^4B[0-9A-F]{30}$/);
});

test("dates from 2050 on are written in full", () => {
  const certificate = new X509Certificate(selfSigned(pem, "sns.local", new Date("2045-01-01T00:00:00Z")));
  expect(certificate.validToDate).toEqual(new Date("2055-01-01T00:00:00Z"));
});
