/**
 * A self-signed X.509 certificate for the key that notifications are signed with: Node makes keys and reads certificates, but
 * makes none. Only what RFC 5280 requires is in it, written in DER.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto";

/** The certificate of an RSA key (PEM, PKCS #8), valid from `now` for 10 years, PEM. */
export function selfSigned(privateKey: string, commonName: string, now: Date): string {
  const key = createPrivateKey(privateKey);
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
  const name = sequence(set(sequence(oid("550403"), tlv(0x0c, Buffer.from(commonName)))));
  const until = new Date(now);
  until.setUTCFullYear(now.getUTCFullYear() + 10);
  // A serial number is positive: its first bit is 0; and not padded: the next ones are not all 0.
  const serial = Buffer.concat([Buffer.from([0x4b]), randomBytes(15)]);
  const toBeSigned = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    SHA256_WITH_RSA,
    name,
    sequence(time(now), time(until)),
    name,
    publicKey,
  );
  const signature = sign("sha256", toBeSigned, key);
  const der = sequence(toBeSigned, SHA256_WITH_RSA, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function tlv(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  const text = bytes.toString(16);
  const digits = Buffer.from(text.padStart(text.length + (text.length % 2), "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return tlv(0x31, Buffer.concat(parts));
}

function integer(value: Buffer): Buffer {
  return tlv(0x02, value);
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, "hex"));
}

/** GeneralizedTime: `YYYYMMDDHHMMSSZ`; before 2050 a certificate has UTCTime, with two digits of the year. */
function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/[-:T]|\.\d+/g, "")}`;
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text));
}

const SHA256_WITH_RSA = sequence(oid("2a864886f70d01010b"), tlv(0x05, Buffer.alloc(0)));
