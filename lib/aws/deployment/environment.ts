/** What a deployment tells its functions, read from their environment variables once and checked: serverless.yml sets them. */
import { StepwellError } from "../../fdl/errors.ts";
import type { Key } from "../../memory/keys.ts";
import type { FunctionNames } from "../function-names.ts";

export interface DeploymentSettings {
  readonly table: string;
  readonly bucket: string;
  readonly transitionsUrl: string;
  readonly transitionsArn: string;
  readonly aloneUrl: string;
  /** Schedule group of the timers. */
  readonly timerGroup: string;
  readonly timerRoleArn: string;
  /** Keys of task tokens, the current one first. */
  readonly keys: readonly [Key, ...Key[]];
  /** Lambda functions by resource, where they are called otherwise. */
  readonly functionNames: FunctionNames;
  /** How long a message stays hidden that a worker has in hand, and no longer when the worker died, seconds; undefined: the runtime's own. */
  readonly visibilitySeconds: number | undefined;
  /** The account that all of it is in: that of the transitions queue. */
  readonly account: string;
}

type Environment = { readonly [name: string]: string | undefined };

/** SHA-256's own length: no shorter key makes its signature as good as it can be. */
const MIN_KEY_BYTES = 32;

/** Throws StepwellError `InvalidEnvironment`, which names the variable and what it has to be. Never tells a secret. */
export function readEnvironment(environment: Environment): DeploymentSettings {
  const transitionsArn = text(
    environment,
    "TRANSITIONS_ARN",
    /^arn:[^:]+:sqs:[^:]+:\d{12}:[\w-]+$/,
    "an SQS queue's ARN",
  );
  return {
    table: text(environment, "TABLE", /^[\w.-]{3,255}$/, "a DynamoDB table's name"),
    bucket: text(environment, "BUCKET", /^[a-z\d][a-z\d.-]{2,62}$/, "an S3 bucket's name"),
    transitionsUrl: text(environment, "TRANSITIONS_URL", QUEUE_URL, "an SQS queue's URL"),
    transitionsArn,
    aloneUrl: text(environment, "ALONE_URL", QUEUE_URL, "an SQS queue's URL"),
    timerGroup: text(environment, "TIMER_GROUP", /^[\w.-]{1,64}$/, "a schedule group's name"),
    timerRoleArn: text(environment, "TIMER_ROLE_ARN", /^arn:[^:]+:iam::\d{12}:role\/\S+$/, "a role's ARN"),
    keys: readKeys(environment.KEYS),
    functionNames: readNames(environment.FUNCTION_NAMES),
    visibilitySeconds: readVisibility(environment.VISIBILITY_SECONDS),
    account: transitionsArn.split(":")[4] ?? "",
  };
}

const QUEUE_URL = /^https?:\/\/\S+\/[\w-]+$/;

function text(environment: Environment, name: string, form: RegExp, what: string): string {
  const value = environment[name];
  if (value === undefined || value === "") throw invalid(name, `is not set: it has to be ${what}`);
  if (!form.test(value)) throw invalid(name, `is ${JSON.stringify(value)}: it has to be ${what}`);
  return value;
}

/** `id:secret`, the current key, then older ones after commas; secrets in base64. */
function readKeys(value = ""): DeploymentSettings["keys"] {
  const [current, ...older] = value.split(",").map(readKey);
  if (current === undefined) throw invalid("KEYS", KEY_FORM);
  const ids = [current, ...older].map(({ id }) => id);
  if (new Set(ids).size < ids.length) throw invalid("KEYS", "holds two keys with the same id");
  return [current, ...older];
}

const KEY_FORM = `has to be id:secret (older keys after commas), the secret ${MIN_KEY_BYTES} bytes or more in base64`;

function readKey(text: string): Key {
  const { id, secret } = /^\s*(?<id>[A-Za-z\d-]{1,32}):(?<secret>[A-Za-z\d+/_-]+)={0,2}\s*$/.exec(text)?.groups ?? {};
  if (id === undefined || secret === undefined) throw invalid("KEYS", KEY_FORM);
  const bytes = Buffer.from(secret, "base64");
  if (bytes.length < MIN_KEY_BYTES)
    throw invalid("KEYS", `has a secret of ${bytes.length} bytes for "${id}": it ${KEY_FORM}`);
  return { id, secret: bytes };
}

/** JSON, from resources to names; see FunctionNames. */
function readNames(value = "{}"): FunctionNames {
  const names = parse(value);
  const isNames =
    typeof names === "object" &&
    names !== null &&
    !Array.isArray(names) &&
    Object.values(names).every((name) => typeof name === "string");
  if (!isNames) throw invalid("FUNCTION_NAMES", "has to be a JSON object of names or ARNs of Lambda functions");
  return names as FunctionNames;
}

/** Below it an extension that is a little late loses the lease; above it SQS refuses. */
const VISIBILITY = { least: 6, most: 43_200 };

function readVisibility(value = ""): number | undefined {
  if (value === "") return undefined;
  const seconds = Number(value);
  if (/^\d+$/.test(value) && seconds >= VISIBILITY.least && seconds <= VISIBILITY.most) return seconds;
  const range = `has to be whole seconds from ${VISIBILITY.least} to ${VISIBILITY.most}`;
  throw invalid("VISIBILITY_SECONDS", `is ${JSON.stringify(value)}: it ${range}`);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function invalid(name: string, what: string): StepwellError {
  return new StepwellError("InvalidEnvironment", `The environment variable ${name} ${what}.`);
}
