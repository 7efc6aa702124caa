/** Messages are signed by the signer of the local endpoint, which signs as SNS does. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SignedMessage, type Signer, signerOf } from "../../lib/local/topics/signing.ts";
import { type Expected, MessageRefused, readerOf } from "./sns-message.ts";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:fnf-demo";
const HOST = "https://sns.eu-west-1.amazonaws.com";
const NOW = Date.UTC(2026, 10, 24);

let folder: string;
let sns: Signer;
let stranger: Signer;
/** A signer that SNS changes to. */
let next: Signer;
/** What a server of certificates answers, by address. */
const certificates = new Map<string, string>();
const fetched: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stepwell-sns-"));
  const make = async (name: string) => {
    mkdirSync(join(folder, name));
    return signerOf(join(folder, name), () => new Date(NOW))();
  };
  [sns, stranger, next] = await Promise.all([make("sns"), make("stranger"), make("next")]);
  for (const signer of [sns, next]) certificates.set(`${HOST}${signer.path}`, signer.certificate);
});

afterAll(() => rmSync(folder, { recursive: true }));

const notification = {
  Type: "Notification",
  MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
  TopicArn: TOPIC,
  Subject: "a subject",
  Message: '{"messageBody":"hello world","taskToken":"t"}',
  Timestamp: "2026-11-24T00:00:00.000Z",
};

const confirmation = {
  Type: "SubscriptionConfirmation",
  MessageId: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
  Token: "2336412f37",
  TopicArn: TOPIC,
  Message: "You have chosen to subscribe …",
  SubscribeURL: `${HOST}/?Action=ConfirmSubscription&Token=2336412f37`,
  Timestamp: "2026-11-24T00:00:00.000Z",
};

interface Signing {
  readonly signer?: Signer;
  readonly version?: "1" | "2";
  readonly host?: string;
}

/** The body of a push. */
function signed(message: SignedMessage, { signer = sns, version = "2", host = HOST }: Signing = {}) {
  const Signature = signer.sign(message, version);
  return { ...message, SignatureVersion: version, Signature, SigningCertURL: `${host}${signer.path}` };
}

function reader(expected: Partial<Expected> = {}) {
  const get = async (url: Parameters<typeof fetch>[0]) => {
    fetched.push(String(url));
    const pem = certificates.get(String(url));
    return new Response(pem ?? "", { status: pem === undefined ? 404 : 200 });
  };
  return readerOf({ topicArn: TOPIC, fetch: get as typeof fetch, now: () => NOW, ...expected });
}

const read = (message: object, expected?: Partial<Expected>) => reader(expected)(JSON.stringify(message));
const refused = (why: string | RegExp) =>
  expect.objectContaining({ name: "MessageRefused", message: expect.stringMatching(why) });

describe("a message that SNS signed", () => {
  it.each(["1", "2"] as const)("is taken with SignatureVersion %s", async (version) => {
    expect(await read(signed(notification, { version }))).toEqual({
      Type: "Notification",
      TopicArn: TOPIC,
      Message: notification.Message,
    });
    expect(await read(signed(confirmation, { version }))).toMatchObject({ Token: "2336412f37" });
  });

  it("needs no subject", async () => {
    const { Subject: _, ...without } = notification;
    expect(await read(signed(without))).toMatchObject({ Message: notification.Message });
  });

  it("may say that a subscription has ended", async () => {
    const message = { ...confirmation, Type: "UnsubscribeConfirmation" };
    expect(await read(signed(message))).toMatchObject({ Type: "UnsubscribeConfirmation" });
  });

  it("is taken in China from there", async () => {
    const topicArn = "arn:aws-cn:sns:cn-north-1:123456789012:fnf-demo";
    const host = "https://sns.cn-north-1.amazonaws.com.cn";
    certificates.set(`${host}${sns.path}`, sns.certificate);
    const message = { ...notification, TopicArn: topicArn };
    expect(await read(signed(message, { host }), { topicArn })).toMatchObject({ TopicArn: topicArn });
    await expect(read(signed(message), { topicArn })).rejects.toEqual(refused("no certificate of SNS"));
  });

  it("costs one fetch of its certificate, however many there are", async () => {
    const one = reader();
    fetched.length = 0;
    const body = JSON.stringify(signed(notification));
    await Promise.all([one(body), one(body)]);
    await one(body);
    expect(fetched).toEqual([`${HOST}${sns.path}`]);
  });

  it("is taken after SNS has replaced its certificate", async () => {
    const one = reader();
    await one(JSON.stringify(signed(notification)));
    expect(await one(JSON.stringify(signed(notification, { signer: next })))).toMatchObject({ Type: "Notification" });
  });

  it("is pushed again when its certificate cannot be had just now, and taken then", async () => {
    const one = reader();
    const body = JSON.stringify(signed(notification));
    certificates.delete(`${HOST}${sns.path}`);
    const failure = await one(body).catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(MessageRefused);
    expect(String(failure)).toContain("answered with 404");
    certificates.set(`${HOST}${sns.path}`, sns.certificate);
    expect(await one(body)).toMatchObject({ Type: "Notification" });
  });
});

describe("a message is refused", () => {
  it.each(["Message", "MessageId", "Subject", "Timestamp"])(
    "when its %s is another one than was signed",
    async (name) => {
      await expect(read({ ...signed(notification), [name]: "other" })).rejects.toEqual(refused("signature"));
    },
  );

  it.each(["Message", "MessageId", "SubscribeURL", "Timestamp", "Token"])(
    "when the %s of a confirmation is another one than was signed",
    async (name) => {
      await expect(read({ ...signed(confirmation), [name]: "other" })).rejects.toEqual(refused("signature"));
    },
  );

  it("when a notification is passed off as a confirmation", async () => {
    const forged = { ...signed(notification), Type: "SubscriptionConfirmation", Token: "t", SubscribeURL: "u" };
    await expect(read(forged)).rejects.toEqual(refused("signature"));
  });

  it("when a subject has been added or taken away", async () => {
    const { Subject, ...without } = notification;
    await expect(read({ ...signed(without), Subject })).rejects.toEqual(refused("signature"));
    await expect(read({ ...signed(notification), Subject: undefined })).rejects.toEqual(refused("signature"));
  });

  it.each(["Type", "MessageId", "TopicArn", "Message", "Timestamp", "SignatureVersion", "Signature", "SigningCertURL"])(
    "without %s",
    async (name) => {
      await expect(read({ ...signed(notification), [name]: undefined })).rejects.toEqual(refused(`no ${name}`));
      await expect(read({ ...signed(notification), [name]: { toString: "x" } })).rejects.toEqual(refused(`no ${name}`));
    },
  );

  it.each(["Token", "SubscribeURL"])("as a confirmation without %s", async (name) => {
    await expect(read({ ...signed(confirmation), [name]: undefined })).rejects.toEqual(refused(`no ${name}`));
  });

  it("when it is about another topic, before anything is fetched", async () => {
    fetched.length = 0;
    const other = signed({ ...notification, TopicArn: "arn:aws:sns:eu-west-1:999999999999:fnf-demo" });
    await expect(read(other)).rejects.toEqual(refused("another topic"));
    expect(fetched).toEqual([]);
  });

  it.each(["0", "3", "toString"])("with SignatureVersion %s", async (SignatureVersion) => {
    await expect(read({ ...signed(notification), SignatureVersion })).rejects.toEqual(refused("SignatureVersion"));
  });

  it("when the version of its signature is said to be the other one", async () => {
    const forged = { ...signed(notification, { version: "1" }), SignatureVersion: "2" };
    await expect(read(forged)).rejects.toEqual(refused("signature"));
  });

  it("when somebody else signed it, though the certificate named is SNS's", async () => {
    const SigningCertURL = `${HOST}${sns.path}`;
    await expect(read({ ...signed(notification, { signer: stranger }), SigningCertURL })).rejects.toEqual(
      refused("signature"),
    );
  });

  it.each([
    "https://sns.eu-west-1.amazonaws.com.evil.example",
    "https://evil.example/sns.eu-west-1.amazonaws.com",
    "https://sns.eu-west-1.amazonaws.com@evil.example",
    "http://sns.eu-west-1.amazonaws.com",
    "https://sns.eu-west-1.amazonaws.com:8443",
    "https://sns.us-east-1.amazonaws.com",
    "https://sns.eu-west-1.amazonaws.com/a-bucket",
    "https://sns-eu-west-1.amazonaws.com",
    "https://s3.eu-west-1.amazonaws.com",
    "file:///etc",
    "nowhere",
  ])("when its certificate is at %s", async (host) => {
    fetched.length = 0;
    await expect(read(signed(notification, { signer: stranger, host }))).rejects.toEqual(refused("no certificate"));
    expect(fetched).toEqual([]);
  });

  it.each(["/", "/SimpleNotificationService-a.pem?x=1", "/SimpleNotificationService-a.pem/..", "/other.pem"])(
    "when its certificate is SNS's page %s",
    async (path) => {
      const forged = { ...signed(notification), SigningCertURL: `${HOST}${path}` };
      await expect(read(forged)).rejects.toEqual(refused("no certificate"));
    },
  );

  it("when what is there is no certificate, or one that has expired", async () => {
    certificates.set(`${HOST}${stranger.path}`, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    await expect(read(signed(notification, { signer: stranger }))).rejects.toEqual(refused("no certificate"));
    const now = () => NOW + 11 * 365 * 24 * 3600 * 1000;
    await expect(read(signed(notification), { now })).rejects.toEqual(refused("expired"));
  });

  it.each(["", "hello", "[]", "null", "1", '{"Type":"__proto__","TopicArn":"x"}'])("when it is %j", async (body) => {
    await expect(reader()(body)).rejects.toBeInstanceOf(MessageRefused);
  });
});

describe("where SNS is at an endpoint of one's own, a certificate", () => {
  const endpoint = "http://127.0.0.1:4566";

  it.each([
    { host: endpoint, at: endpoint },
    { host: endpoint, at: "http://localhost:4566" },
  ])("is taken from $host when the endpoint is $at", async ({ host, at }) => {
    certificates.set(`${host}${sns.path}`, sns.certificate);
    expect(await read(signed(notification, { host }), { endpoint: at })).toMatchObject({ Type: "Notification" });
  });

  it.each([HOST, "http://127.0.0.1:4567", "https://127.0.0.1:4566", "http://evil.example:4566"])(
    "is not taken from %s",
    async (host) => {
      await expect(read(signed(notification, { host }), { endpoint })).rejects.toEqual(refused("no certificate"));
    },
  );
});
