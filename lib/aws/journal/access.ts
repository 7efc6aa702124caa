/**
 * The access port over DynamoDB, in the journal's table (architecture §7).
 *
 * All access keys stand in one partition, each under its id: reading one is a GetItem, listing them one consistent Query,
 * where an index would lag behind and show a key as it was before it was disabled. A partition serves 3,000 such reads a
 * second, and one item no more wherever it stands. Each nonce has a partition of its own: every call that changes
 * something writes one.
 */
import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { StepwellError } from "../../fdl/errors.ts";
import { systemClock } from "../../memory/system-clock.ts";
import {
  type Access,
  type AccessKey,
  type KeyChange,
  oldestFirst,
  ROLES,
  type Role,
  type SealedSecret,
} from "../../runtime/ports/access.ts";
import type { Clock } from "../../runtime/ports/clock.ts";
import { flag, type Item, item, number, optionalNumber, optionalText, present, text } from "./item.ts";
import { ACCESS_KEYS, accessKeyKey, nonceKey } from "./keys.ts";
import { openTable } from "./table.ts";

export interface DynamoAccessOptions {
  readonly client: DynamoDBClient;
  /** Name of the table, as serverless.yml makes it. */
  readonly table: string;
  readonly clock?: Pick<Clock, "sleep">;
}

/** The access keys and nonces in a table. All methods reject with AwsError where AWS does not do what it is asked, and with StepwellError `StoreDamaged` for a key that Stepwell did not write. */
export function dynamoAccess({ client, table: name, clock = systemClock() }: DynamoAccessOptions): Access {
  const table = openTable({ client, name, clock });

  async function readKey(id: string): Promise<AccessKey | undefined> {
    const found = await table.get(accessKeyKey(id));
    return found && readKeyItem(found);
  }

  return {
    async putKey(key) {
      const refused = await table.put(accessKeyKey(key.id), keyItem(key), { absent: ["pk"] });
      const there = refused?.there && readKeyItem(refused.there);
      // Its own write, repeated by the SDK or by who called.
      return there?.sealedSecret === key.sealedSecret ? undefined : there;
    },
    readKey,
    async listKeys() {
      const found: Item[] = [];
      for await (const page of table.query(ACCESS_KEYS)) found.push(...page);
      return oldestFirst(found.map(readKeyItem));
    },
    async changeKey(id, change) {
      const set = changeItem(change);
      // An update that sets nothing is no expression that DynamoDB takes.
      if (Object.keys(set).length === 0) return readKey(id);
      const result = await table.update(accessKeyKey(id), { set }, { has: ["pk"] });
      return result.refused ? undefined : readKeyItem(result.item);
    },
    async removeKey(id) {
      const refused = await table.remove(accessKeyKey(id), { has: ["pk"] });
      // Its own removal, repeated by the SDK.
      return refused === undefined || (refused.again && refused.there === undefined);
    },
    async useNonce({ keyId, nonce, until, now }) {
      // Tells this use from another's when the SDK repeats it because the answer was lost.
      const use = randomUUID();
      const attributes = item({ until, use, expiresAt: Math.ceil(until / 1000) });
      // DynamoDB removes what has expired days later: until then it is there and does not count.
      const refused = await table.put(nonceKey(keyId, nonce), attributes, { atMost: item({ until: now }) });
      return refused === undefined || refused.there?.use?.S === use;
    },
  };
}

function keyItem({ id, sealedSecret, createdAt, replaces, ...rest }: AccessKey): Item {
  return { ...item({ id, sealedSecret, createdAt, replaces }), ...changeItem(rest) };
}

/** `expiresAt` is what the table removes items by: a key whose time is over stays for the operator to see. */
function changeItem({ role, enabled, description, expiresAt }: KeyChange): Item {
  return item({ role, enabled, description, goodUntil: expiresAt });
}

function readKeyItem(from: Item): AccessKey {
  return {
    id: text(from, "id"),
    sealedSecret: text(from, "sealedSecret") as SealedSecret,
    role: readRole(from),
    enabled: flag(from, "enabled"),
    createdAt: number(from, "createdAt"),
    description: text(from, "description"),
    ...present("replaces", optionalText(from, "replaces")),
    ...present("expiresAt", optionalNumber(from, "goodUntil")),
  };
}

/** Nobody may do something by a role that this version does not know. */
function readRole(from: Item): Role {
  const written = text(from, "role");
  const role = ROLES.find((one) => one === written);
  if (role !== undefined) return role;
  const message = `access key ${text(from, "id")} has the role ${JSON.stringify(written)}: this version of Stepwell knows ${ROLES.join(", ")}`;
  throw new StepwellError("StoreDamaged", message);
}
