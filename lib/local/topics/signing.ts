/** Signs pushed messages as SNS does, with a key of the data directory's own. */
import { createHash, createSign, generateKeyPair } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { selfSigned } from "./certificate.ts";

export interface Signer {
  /** Path of the certificate's URL, such as `/SimpleNotificationService-….pem`. */
  readonly path: string;
  /** PEM. */
  readonly certificate: string;
  sign(message: SignedMessage, version: "1" | "2"): string;
}

/** Fields of a pushed message; those that are signed are among them. */
export interface SignedMessage {
  readonly Type: string;
  readonly [field: string]: unknown;
}

const FILE = "signing.json";

/** The directory's signer, made when it is first asked for: its key takes about a tenth of a second, off the main thread. */
export function signerOf(dataDir: string, now: () => Date): () => Promise<Signer> {
  let signer: Promise<Signer> | undefined;
  return async () => {
    signer ??= openSigner(join(dataDir, FILE), now());
    try {
      return await signer;
    } catch (error) {
      signer = undefined;
      throw error;
    }
  };
}

async function openSigner(path: string, now: Date): Promise<Signer> {
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Kept) : await makeKey(path, now);
  const digest = createHash("sha256").update(kept.certificate).digest("hex").slice(0, 32);
  return {
    path: `/SimpleNotificationService-${digest}.pem`,
    certificate: kept.certificate,
    sign: (message, version) =>
      createSign(version === "2" ? "sha256" : "sha1")
        .update(textToSign(message))
        .sign(kept.privateKey, "base64"),
  };
}

interface Kept {
  /** PEM, PKCS #8. */
  readonly privateKey: string;
  readonly certificate: string;
}

async function makeKey(path: string, now: Date): Promise<Kept> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const kept: Kept = { privateKey, certificate: selfSigned(privateKey, "sns.local", now) };
  // Readable by its owner alone; complete or not there.
  writeFileSync(`${path}.new`, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return kept;
}

const NOTIFICATION = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const CONFIRMATION = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

/** What is signed: name and value of the fields that there are, in this order, each on a line (SNS: "Verifying the signatures"). */
export function textToSign(message: SignedMessage): string {
  const fields = message.Type === "Notification" ? NOTIFICATION : CONFIRMATION;
  return fields
    .filter((field) => message[field] !== undefined)
    .map((field) => `${field}\n${message[field]}\n`)
    .join("");
}
