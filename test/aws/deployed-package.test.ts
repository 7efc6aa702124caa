/**
 * What serverless.yml makes of Stepwell, without and with the examples of flows/: packaged offline by osls, read from the
 * CloudFormation template.
 */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Packager, packager } from "./osls.ts";

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
  readonly MemorySize: number;
  readonly Environment?: { readonly Variables: object };
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
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

interface Template {
  readonly Parameters: { readonly [name: string]: object };
  readonly Resources: { readonly [name: string]: Resource };
  readonly Conditions?: object;
}

const secret = randomBytes(32).toString("base64");

let osls: Packager;
/** Without examples. */
let text: string;
let resources: Template["Resources"];
/** With examples, as without any parameter. */
let examples: Template;

beforeAll(async () => {
  osls = await packager();
  examples = JSON.parse(await osls.template({}, `k1:${secret}`));
  text = await osls.template({ examples: "off" }, `k1:${secret}`);
  resources = JSON.parse(text).Resources;
}, 60_000);

afterAll(() => osls.close());

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
    expect(Object.keys(Environment?.Variables ?? {}).toSorted()).toEqual([
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
  expect(actions("AdvanceRole")).toEqual([...runtime, ...polled, ...timers, ...tasks].toSorted());
  expect(actions("DeadLettersRole")).toEqual([...runtime, ...polled].toSorted());
  expect(actions("SweepRole")).toEqual([...runtime, ...timers, "lambda:InvokeFunction"].toSorted());
  expect(actions("ApiRole")).toEqual([...runtime, ...timers, ...tasks].toSorted());
  expect(actions("TimersRole")).toEqual(["sqs:SendMessage"]);
});

/** What a role may do. */
function actions(role: string, of = resources): readonly string[] {
  const all = statements(role, of).flatMap(({ Action }) => Action);
  return [...new Set(all)].toSorted();
}

function statements(role: string, of = resources): readonly Statement[] {
  return (of[role]?.Properties.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

test("requests to the function URL must be signed, and no secret stands in the template", () => {
  expect(ofType("AWS::Lambda::Url").map(({ Properties }) => Properties.AuthType)).toEqual(["AWS_IAM"]);
  expect(text).not.toContain(secret);
  expect(JSON.parse(text).Parameters.Keys).toMatchObject({ NoEcho: true });
});

test("without keys nothing is packaged, and it says what is missing", async () => {
  await expect(osls.template({})).rejects.toThrow("STEPWELL_KEYS");
}, 30_000);

test("a parameter that is neither on nor off is no parameter", async () => {
  await expect(osls.template({ examples: "no" }, `k1:${secret}`)).rejects.toThrow("Cannot resolve");
}, 30_000);

describe("with the examples", () => {
  const withRole = (role: string) =>
    Object.values(examples.Resources).flatMap(({ Type, Properties }) =>
      Type === "AWS::Lambda::Function" && named(Properties.Role) === role ? [Properties] : [],
    );

  test("Stepwell itself is the same as without", () => {
    const code = /"S3Key": ?"[^"]*"/g;
    const plain = (resource: Resource | undefined) => JSON.stringify(resource)?.replace(code, "");
    for (const [name, resource] of Object.entries(resources)) {
      expect(plain(examples.Resources[name]), name).toBe(plain(resource));
    }
  });

  test("there is each function that a flow calls by the name that the task's resource stands for", () => {
    const names = withRole("ExamplesRole").map(({ FunctionName }) => FunctionName);
    expect(names.toSorted()).toEqual([
      "fnf-demo-GetJobStatus",
      "fnf-demo-Operation",
      "fnf-demo-StartJob",
      "fnf-demo-echo",
      "fnf-demo-hello",
      "fnf-demo-provision",
      "fnf-demo-simulate",
      "service-CD946B9A9F36-hello",
    ]);
  });

  test("their functions are small, know nothing of Stepwell, and may only log", () => {
    for (const { Runtime, Architectures, MemorySize, Environment } of withRole("ExamplesRole")) {
      expect({ Runtime, Architectures, MemorySize, Environment }).toEqual({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        MemorySize: 128,
        Environment: undefined,
      });
    }
    expect(actions("ExamplesRole", examples.Resources)).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
  });

  test("the topic's worker may confirm its subscription, and call the API over its URL", () => {
    const [worker, ...others] = withRole("TopicWorkerRole");
    expect([worker?.FunctionName, others]).toEqual(["fnf-demo-topic-worker", []]);
    expect(Object.keys(worker?.Environment?.Variables ?? {})).toEqual(["STEPWELL_ENDPOINT", "TOPIC_ARN"]);
    const api = { "Fn::GetAtt": ["ApiLambdaFunction", "Arn"] };
    const Effect = "Allow";
    expect(statements("TopicWorkerRole", examples.Resources).slice(1)).toEqual([
      { Effect, Action: "sns:ConfirmSubscription", Resource: { Ref: "ExampleTopic" } },
      { Effect, Action: "lambda:InvokeFunctionUrl", Resource: api },
      {
        Effect,
        Action: "lambda:InvokeFunction",
        Resource: api,
        Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
      },
    ]);
  });

  test("only the API asks for signatures: SNS has none", () => {
    const urls = Object.entries(examples.Resources).flatMap(([name, { Type, Properties }]) =>
      Type === "AWS::Lambda::Url" ? [[name, Properties.AuthType]] : [],
    );
    expect(urls).toEqual([
      ["ApiLambdaFunctionUrl", "AWS_IAM"],
      ["TopicDashworkerLambdaFunctionUrl", "NONE"],
    ]);
  });

  test("nothing is kept warm unless it is told to", async () => {
    const warm = (template: Template) => template.Conditions;
    const not = (number: string) => ({ KeepsProvisionWarm: { "Fn::Not": [{ "Fn::Equals": [number, "0"] }] } });
    expect(warm(examples)).toEqual(not("0"));
    expect(warm(JSON.parse(await osls.template({ provisionedConcurrency: "3" }, `k1:${secret}`)))).toEqual(not("3"));
  }, 30_000);
});
