import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ministack, ministack } from "../../../test/aws/ministack.ts";
import { accessKey } from "../../../test/contracts/access/items.ts";
import { accessContract } from "../../../test/contracts/access.ts";
import { systemClock } from "../../memory/system-clock.ts";
import type { Access } from "../../runtime/ports/access.ts";
import { dynamoAccess } from "./access.ts";
import { item, optionalNumber } from "./item.ts";
import { accessKeyKey, nonceKey } from "./keys.ts";
import { openTable } from "./table.ts";
import { eachTestTable } from "./testing/each-table.ts";
import { type TestTable, testTable } from "./testing/table.ts";

describe("with an emulator for all", () => {
  let emulator: Ministack;
  beforeAll(async () => {
    emulator = await ministack();
  }, 120_000);
  afterAll(() => emulator.stop());

  accessContract("DynamoDB", async () => {
    const { client, table, remove } = await testTable(emulator.endpoint);
    return { access: dynamoAccess({ client, table }), close: remove };
  });
});

describe("the access keys and nonces in the table", () => {
  let made: TestTable;
  let access: Access;
  eachTestTable((table) => {
    made = table;
    access = dynamoAccess(made);
  });

  const NOW = 1_700_000_000_000;
  const nonce = { keyId: "STEPone", nonce: "nonce", until: NOW + 900_001, now: NOW };
  const table = () => openTable({ client: made.client, name: made.table, clock: systemClock() });

  /** The answers to the next `count` such requests are lost on their way back. */
  function lose(request: string, count = 1): void {
    let left = count;
    made.onAnswer = (answered) => {
      if (answered === request && left-- > 0) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      return undefined;
    };
  }

  const one = accessKey();
  const calls: readonly [string, string, () => Promise<unknown>][] = [
    ["reading a key", "GetItem", () => access.readKey(one.id)],
    ["listing them", "Query", () => access.listKeys()],
    ["putting one", "PutItem", () => access.putKey(accessKey())],
    ["putting one whose id is taken", "PutItem", () => access.putKey(accessKey({ id: one.id }))],
    ["changing one", "UpdateItem", () => access.changeKey(one.id, { enabled: false })],
    ["changing one that is not there", "UpdateItem", () => access.changeKey("STEPnone", { enabled: false })],
    ["removing one", "DeleteItem", () => access.removeKey(one.id)],
    ["using a nonce", "PutItem", () => access.useNonce({ ...nonce, nonce: "new" })],
    ["using it again", "PutItem", () => access.useNonce(nonce)],
    ["using it when it has expired", "PutItem", () => access.useNonce({ ...nonce, now: nonce.until })],
  ];
  test.each(calls)("%s is one request: %s", async (_what, request, call) => {
    await access.putKey(one);
    await access.useNonce(nonce);
    made.requests.length = 0;
    await call();
    expect(made.requests).toEqual([request]);
  });

  test("reads are consistent", async () => {
    made.bodies.length = 0;
    await access.readKey(one.id);
    await access.listKeys();
    expect(made.bodies.map((body) => body.ConsistentRead)).toEqual([true, true]);
  });

  test("a nonce may go in the second after it has expired; a key stays, also when its time is over", async () => {
    const old = accessKey({ expiresAt: NOW });
    await access.putKey(old);
    await access.useNonce(nonce);
    const [noted, key] = await table().getMany([nonceKey(nonce.keyId, nonce.nonce), accessKeyKey(old.id)], {
      consistent: true,
    });
    expect(optionalNumber(noted ?? {}, "expiresAt")).toBe(NOW / 1000 + 901);
    expect(key).toBeDefined();
    expect(key).not.toHaveProperty("expiresAt");
  });

  test("a key that is put gets through when the answer is lost; one whose id was taken does not", async () => {
    const first = accessKey();
    lose("PutItem");
    expect(await access.putKey(first)).toBeUndefined();
    lose("PutItem");
    expect(await access.putKey(accessKey({ id: first.id }))).toEqual(first);
    expect(made.requests).toEqual(Array(4).fill("PutItem"));
  });

  test("a nonce whose answer is lost is its user's, and nobody else's", async () => {
    lose("PutItem");
    expect(await access.useNonce(nonce)).toBe(true);
    expect(made.requests).toHaveLength(2);
    lose("PutItem");
    expect(await access.useNonce(nonce)).toBe(false);
    lose("PutItem");
    expect(await access.useNonce({ ...nonce, now: nonce.until, until: nonce.until + 1000 })).toBe(true);
  });

  test("a nonce whose answer never comes may be noted, and the next use of it is refused", async () => {
    lose("PutItem", 10);
    await expect(access.useNonce(nonce)).rejects.toMatchObject({ name: "AwsError", kind: "unknownOutcome" });
    made.onAnswer = undefined;
    expect(await access.useNonce(nonce)).toBe(false);
  });

  test("a change and a removal whose answers are lost are made, and that is what is said", async () => {
    await access.putKey(one);
    lose("UpdateItem");
    expect(await access.changeKey(one.id, { role: "reader" })).toEqual({ ...one, role: "reader" });
    lose("DeleteItem");
    expect(await access.removeKey(one.id)).toBe(true);
    expect(await access.removeKey(one.id)).toBe(false);
  });

  test.each<[string, object]>([
    ["a role of a later version", { role: { S: "owner" } }],
    ["no role", { role: undefined }],
    ["a text for whether it is enabled", { enabled: { S: "true" } }],
    ["no secret", { sealedSecret: undefined }],
  ])("a key with %s is damaged: nobody gets in by it", async (_what, overrides) => {
    const { id, sealedSecret, role, createdAt, description } = one;
    const good = item({ id, sealedSecret, role, enabled: true, createdAt, description });
    await table().put(accessKeyKey(id), good);
    expect(await access.readKey(id)).toEqual(one);
    const bad = Object.fromEntries(
      Object.entries({ ...good, ...overrides }).filter(([, value]) => value !== undefined),
    );
    await table().put(accessKeyKey(id), bad);
    await expect(access.readKey(id)).rejects.toMatchObject({ code: "StoreDamaged" });
    await expect(access.listKeys()).rejects.toMatchObject({ code: "StoreDamaged" });
  });
});
