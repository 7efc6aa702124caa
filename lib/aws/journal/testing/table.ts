/** The journal's table in an emulator, made of what serverless.yml says of it, and a client whose requests are counted and checked. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { parse } from "yaml";
import { guarded, loopbackSettings } from "../../../../test/aws/guard.ts";
import { mustBeAccepted, type RequestBody } from "./must-be-accepted.ts";

export interface TestTable {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Names of the requests that were sent, each attempt of one, as "PutItem". */
  readonly requests: string[];
  /** What they said, in the same order. */
  readonly bodies: RequestBody[];
  /** Called with each answer or refusal on its way back: what it throws or gives takes its place. */
  onAnswer: ((request: string, answer: unknown) => unknown) | undefined;
  remove(): Promise<void>;
}

const SERVERLESS = new URL("../../../../serverless.yml", import.meta.url);

/** An empty table of its own. */
export async function testTable(endpoint: string): Promise<TestTable> {
  const client = guarded(new DynamoDBClient(loopbackSettings(endpoint)));
  const table = `journal-${randomUUID()}`;
  await client.send(new CreateTableCommand({ ...(await definition()), TableName: table }));
  const made: TestTable = {
    client,
    table,
    requests: [],
    bodies: [],
    onAnswer: undefined,
    async remove() {
      await client.send(new DeleteTableCommand({ TableName: table }));
      client.destroy();
    },
  };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const request = String(context.commandName).replace(/Command$/, "");
      const { body: bytes } = args.request as { readonly body: Uint8Array };
      const body: RequestBody = JSON.parse(new TextDecoder().decode(bytes));
      made.requests.push(request);
      made.bodies.push(body);
      mustBeAccepted(body);
      try {
        const answer = await next(args);
        return ((await made.onAnswer?.(request, answer)) ?? answer) as typeof answer;
      } catch (refusal) {
        await made.onAnswer?.(request, refusal);
        throw refusal;
      }
    },
    // Below the SDK's retries, above the reading of answers.
    { step: "deserialize", name: "countRequests", priority: "high" },
  );
  return made;
}

async function definition(): Promise<Omit<CreateTableCommandInput, "TableName">> {
  const text = (await readFile(SERVERLESS, "utf8")).replaceAll(/!(GetAtt|Ref|Sub)\b/g, "");
  // Its first part is Stepwell's own; the rest are the examples'.
  const { resources } = parse(text) as {
    resources: readonly [{ Resources: { Table: { Properties: CreateTableCommandInput } } }];
  };
  const { AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, KeySchema } =
    resources[0].Resources.Table.Properties;
  return { AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, KeySchema };
}
