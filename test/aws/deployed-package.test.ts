/** What serverless.yml makes of Stepwell: packaged offline by osls, read from the CloudFormation template. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFunctions } from "../../scripts/build-functions.ts";
import { cutOffAws } from "./guard.ts";

interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
}

/** Of all types of resources, what is looked at. */
interface Properties {
  readonly FunctionName: string | Attribute;
  readonly Runtime: string;
  readonly Architectures: readonly string[];
  readonly Handler: string;
  readonly Role: Attribute;
  readonly RecursiveLoop?: string;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: object };
  readonly EventSourceArn: Attribute;
  readonly FunctionResponseTypes: readonly string[];
  readonly ScalingConfig: { readonly MaximumConcurrency: number };
  readonly BatchSize: number;
  readonly VisibilityTimeout: number;
  readonly AuthType: string;
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
}

interface Attribute {
  readonly "Fn::GetAtt": readonly [resource: string, attribute: string];
}

interface Statement {
  readonly Action: string | readonly string[];
}

const root = join(import.meta.dirname, "../..");
const secret = randomBytes(32).toString("base64");

let folder: string;
let text: string;
let resources: { readonly [name: string]: Resource };

/** Packages into the folder, with that for STEPWELL_KEYS. */
function osls(keys: string | undefined) {
  const env: NodeJS.ProcessEnv = { ...process.env, SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off" };
  cutOffAws(env);
  delete env.NODE_OPTIONS;
  delete env.STEPWELL_KEYS;
  if (keys !== undefined) env.STEPWELL_KEYS = keys;
  const args = [join(root, "node_modules/osls/bin/serverless.js"), "package", "--package", folder];
  return promisify(execFile)(process.execPath, args, { cwd: root, env });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwell-package-"));
  await buildFunctions(join(root, "dist/functions"));
  await osls(`k1:${secret}`);
  text = await readFile(join(folder, "cloudformation-template-update-stack.json"), "utf8");
  resources = JSON.parse(text).Resources;
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
const functions = () =>
  ofType("AWS::Lambda::Function").map(
    ({ Properties }) => [String(Properties.FunctionName).replace("stepwell-dev-", ""), Properties] as const,
  );
const named = (attribute: string | Attribute) =>
  typeof attribute === "string" ? attribute : attribute["Fn::GetAtt"][0];

test("there is a function for each file in functions/, on arm64 and Node 24, each with a role of its own", () => {
  expect(
    functions()
      .map(([name]) => name)
      .toSorted(),
  ).toEqual(["advance", "api", "dead-letters", "sweep"]);
  for (const [, { Runtime, Architectures, Handler }] of functions()) {
    expect({ Runtime, Architectures, Handler }).toEqual({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
    });
  }
  expect(new Set(functions().map(([, { Role }]) => JSON.stringify(Role))).size).toBe(4);
});

test("no function that goes in circles by design is stopped as a loop", () => {
  expect(functions().map(([name, { RecursiveLoop }]) => [name, RecursiveLoop])).toEqual([
    ["advance", "Allow"],
    ["dead-letters", "Allow"],
    ["sweep", "Allow"],
    ["api", undefined],
  ]);
});

test("the queues' messages stay hidden for as long as the function may run that takes them", () => {
  const sources = ofType("AWS::Lambda::EventSourceMapping");
  expect(sources).toHaveLength(3);
  for (const { Properties } of sources) {
    const [queue, taker] = [resources[named(Properties.EventSourceArn)], resources[named(Properties.FunctionName)]];
    expect(queue?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(taker?.Properties.Timeout ?? Number.NaN);
    expect(Properties.FunctionResponseTypes).toEqual(["ReportBatchItemFailures"]);
    expect(Properties.ScalingConfig.MaximumConcurrency).toBeGreaterThan(1);
  }
  const alone = sources.find(({ Properties }) =>
    JSON.stringify(Properties.EventSourceArn).includes("TransitionsAlone"),
  );
  expect(alone?.Properties.BatchSize).toBe(1);
});

test("every function is told all that the environment has to say", () => {
  for (const [, { Environment }] of functions()) {
    expect(Object.keys(Environment.Variables).toSorted()).toEqual([
      "ALONE_URL",
      "BUCKET",
      "FUNCTION_NAMES",
      "KEYS",
      "TABLE",
      "TIMER_GROUP",
      "TIMER_ROLE_ARN",
      "TRANSITIONS_ARN",
      "TRANSITIONS_URL",
    ]);
  }
});

test("a role may do what its function does, and nothing else", () => {
  const runtime = [
    "dynamodb:BatchGetItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
    "sqs:SendMessage",
  ];
  const polled = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
  const timers = ["iam:PassRole", "scheduler:CreateSchedule"];
  const tasks = ["lambda:GetAlias", "lambda:InvokeFunction", "sns:Publish", "sqs:GetQueueUrl"];
  const actions = (role: string) => {
    const policies = resources[role]?.Properties.Policies ?? [];
    const all = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(({ Action }) => Action));
    return [...new Set(all)].toSorted();
  };
  expect(actions("AdvanceRole")).toEqual([...runtime, ...polled, ...timers, ...tasks].toSorted());
  expect(actions("DeadLettersRole")).toEqual([...runtime, ...polled].toSorted());
  expect(actions("SweepRole")).toEqual([...runtime, ...timers, "lambda:InvokeFunction"].toSorted());
  expect(actions("ApiRole")).toEqual([...runtime, ...timers, ...tasks].toSorted());
  expect(actions("TimersRole")).toEqual(["sqs:SendMessage"]);
});

test("requests to the function URL must be signed, and no secret stands in the template", () => {
  expect(ofType("AWS::Lambda::Url").map(({ Properties }) => Properties.AuthType)).toEqual(["AWS_IAM"]);
  expect(text).not.toContain(secret);
  expect(JSON.parse(text).Parameters.Keys).toMatchObject({ NoEcho: true });
});

test("without keys nothing is packaged, and it says what is missing", async () => {
  await expect(osls(undefined)).rejects.toMatchObject({ stdout: expect.stringContaining("STEPWELL_KEYS") });
}, 30_000);
