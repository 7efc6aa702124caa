/**
 * Whether a pushed message is SNS's, and about the one topic: its receiver has an address that anybody can post to (SNS
 * developer guide, "Verifying the signatures of Amazon SNS messages").
 */
import { createVerify, X509Certificate } from "node:crypto";

export interface Notification {
  readonly Type: "Notification";
  readonly TopicArn: string;
  readonly Message: string;
}

export interface SubscriptionConfirmation {
  readonly Type: "SubscriptionConfirmation" | "UnsubscribeConfirmation";
  readonly TopicArn: string;
  readonly Token: string;
}

/** A message was not taken; the `message` says why. */
export class MessageRefused extends Error {
  override readonly name = "MessageRefused";
}

export interface Expected {
  readonly topicArn: string;
  /** Where SNS is when it is not AWS's: signing certificates come from there, and from nowhere else. */
  readonly endpoint?: string | undefined;
  /** For tests; Node's own when left out. */
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
}

/** Reads the body of a push. Rejects with MessageRefused when it is no signed message of that topic, otherwise when that cannot be found out. */
export type ReadMessage = (body: string) => Promise<Notification | SubscriptionConfirmation>;

/** Fields that are signed, in the order in which they are signed; a subject is signed where there is one. */
const SIGNED = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;

/** By SignatureVersion. */
const HASHES: { readonly [version: string]: string } = { 1: "RSA-SHA1", 2: "RSA-SHA256" };

const CERTIFICATE_PATH = /^\/SimpleNotificationService-[\w-]+\.pem$/;
/** AWS's have about 2 KB. */
const MAX_CERTIFICATE_CHARS = 20_000;
const FETCH_MS = 5_000;
/** SNS replaces its certificate about once a year. */
const MAX_CERTIFICATES = 8;

/** Certificates are fetched once. */
export function readerOf(expected: Expected): ReadMessage {
  const { topicArn, endpoint, now = Date.now } = expected;
  const certificates = new Map<string, Promise<X509Certificate>>();

  /** A fetch that fails is not remembered. */
  function certificate(url: URL): Promise<X509Certificate> {
    const known = certificates.get(url.href);
    if (known !== undefined) return known;
    if (certificates.size >= MAX_CERTIFICATES) certificates.clear();
    const fetched = fetchCertificate(url, expected.fetch ?? fetch);
    certificates.set(url.href, fetched);
    fetched.catch(() => certificates.delete(url.href));
    return fetched;
  }

  return async (body) => {
    const message = fieldsOf(body);
    const type = text(message, "Type");
    if (!isSignedType(type)) throw new MessageRefused(`${type} is no type of SNS's messages.`);
    // Before anything is fetched: others' messages cost nothing.
    if (text(message, "TopicArn") !== topicArn) throw new MessageRefused("The message is about another topic.");
    const version = text(message, "SignatureVersion");
    const hash = Object.hasOwn(HASHES, version) ? HASHES[version] : undefined;
    if (hash === undefined) throw new MessageRefused(`SignatureVersion is ${version}, and not 1 or 2.`);
    const toVerify = createVerify(hash).update(signedText(message, type));
    const signature = text(message, "Signature");
    const signer = await certificate(certificateUrl(text(message, "SigningCertURL"), topicArn, endpoint));
    if (signer.validToDate.getTime() < now()) throw new MessageRefused("The signing certificate has expired.");
    if (!toVerify.verify(signer.publicKey, signature, "base64")) {
      throw new MessageRefused("The signature is not that of the message.");
    }
    if (type === "Notification") return { Type: type, TopicArn: topicArn, Message: text(message, "Message") };
    return { Type: type, TopicArn: topicArn, Token: text(message, "Token") };
  };
}

type Fields = { readonly [field: string]: unknown };

function fieldsOf(body: string): Fields {
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    throw new MessageRefused("The message is not JSON.");
  }
  if (typeof fields !== "object" || fields === null) throw new MessageRefused("The message is no JSON object.");
  return fields as Fields;
}

function text(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof value !== "string" || value === "") throw new MessageRefused(`The message has no ${name}.`);
  return value;
}

function isSignedType(type: string): type is keyof typeof SIGNED {
  return Object.hasOwn(SIGNED, type);
}

/** Name and value of each field, every one on a line of its own. */
function signedText(message: Fields, type: keyof typeof SIGNED): string {
  return SIGNED[type]
    .filter((field) => field !== "Subject" || typeof message.Subject === "string")
    .map((field) => `${field}\n${field === "Subject" ? message.Subject : text(message, field)}\n`)
    .join("");
}

/** The address of a certificate that SNS may have signed with, in the topic's own region; anybody can sign with another one. */
function certificateUrl(address: string, topicArn: string, endpoint: string | undefined): URL {
  const url = URL.parse(address);
  const isSns = endpoint === undefined ? url?.origin === snsOrigin(topicArn) : isSameServer(url, URL.parse(endpoint));
  if (url === null || !isSns || !CERTIFICATE_PATH.test(url.pathname) || url.search !== "") {
    throw new MessageRefused(`${address} is no certificate of SNS.`);
  }
  return url;
}

function snsOrigin(topicArn: string): string {
  const [, partition, , region] = topicArn.split(":");
  return `https://sns.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}

/** The local endpoint has several names. */
function isSameServer(one: URL | null, other: URL | null): boolean {
  if (one === null || other === null) return false;
  if (one.origin === other.origin) return true;
  const local = ["127.0.0.1", "localhost", "[::1]"];
  return (
    one.protocol === other.protocol &&
    one.port === other.port &&
    local.includes(one.hostname) &&
    local.includes(other.hostname)
  );
}

async function fetchCertificate(url: URL, get: typeof fetch): Promise<X509Certificate> {
  const response = await get(url, { redirect: "error", signal: AbortSignal.timeout(FETCH_MS) });
  if (!response.ok) throw new Error(`${url.href} was answered with ${response.status}`);
  const pem = await response.text();
  if (pem.length > MAX_CERTIFICATE_CHARS) throw new MessageRefused(`${url.href} is no certificate.`);
  try {
    return new X509Certificate(pem);
  } catch {
    throw new MessageRefused(`${url.href} is no certificate.`);
  }
}
