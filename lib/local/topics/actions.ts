/** Actions of SQS and SNS, called as a request would call them, with answers that hold only once they are on disk. */
import type { Commits } from "./commits.ts";
import { ACCOUNT, type Fauxqs, part, REGION, type Router } from "./fauxqs.ts";

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** Form parameters of an SNS action. */
export interface Params {
  readonly [name: string]: string;
}

export interface Actions {
  /** An SQS action with its JSON body. */
  sqs(action: string, body: object, host: string): Promise<Answer>;
  /** An SNS action with its form parameters, `Action` among them. `also` runs in the same transaction, when it succeeded. */
  sns(params: Params, also?: (answer: Answer) => void): Promise<Answer>;
}

/** Actions whose module has another name than theirs. */
const MODULES: { readonly [action: string]: string } = {
  ListSubscriptionsByTopic: "listSubscriptions",
  PublishBatch: "publish",
  UntagResource: "tagResource",
  ListTagsForResource: "tagResource",
};

const SQS_ACTIONS = [
  ..."CreateQueue DeleteQueue GetQueueUrl ListQueues GetQueueAttributes SetQueueAttributes PurgeQueue SendMessage".split(
    " ",
  ),
  ..."ReceiveMessage DeleteMessage SendMessageBatch DeleteMessageBatch ChangeMessageVisibility".split(" "),
  ..."ChangeMessageVisibilityBatch TagQueue UntagQueue ListQueueTags".split(" "),
];

const SNS_ACTIONS = [
  ..."CreateTopic DeleteTopic ListTopics GetTopicAttributes SetTopicAttributes Subscribe Unsubscribe".split(" "),
  ..."ConfirmSubscription ListSubscriptions ListSubscriptionsByTopic GetSubscriptionAttributes".split(" "),
  ..."SetSubscriptionAttributes Publish PublishBatch TagResource UntagResource ListTagsForResource".split(" "),
];

/** The actions over fauxqs' stores. Each one is loaded when it is first called: `stepwell dev` has to start quickly. */
export function fauxqsActions(fauxqs: Fauxqs, commits: Commits): Actions {
  const loadSqs = loader("sqs", SQS_ACTIONS, fauxqs.sqsRouter);
  const loadSns = loader("sns", SNS_ACTIONS, fauxqs.snsRouter);

  async function call(router: Router, request: Parameters<Router["handle"]>[0], also?: (answer: Answer) => void) {
    const committed = commits.begin();
    const headers: { [name: string]: string } = {};
    let status = 200;
    const reply = {
      status: (code: number) => {
        status = code;
      },
      header: (name: string, value: string) => {
        headers[name] = value;
      },
    };
    const said = await router.handle(request, reply);
    const answer = { status, headers, body: typeof said === "string" ? said : JSON.stringify(said) };
    if (status < 300) also?.(answer);
    await committed;
    // A receiver that waited has taken its message in a later turn.
    await commits.settled();
    return answer;
  }

  return {
    async sqs(action, body, host) {
      await loadSqs(action);
      // Without a signature in the request everything is in one region.
      const headers = { host, "x-amz-target": `AmazonSQS.${action}` };
      return call(fauxqs.sqsRouter, { headers, body: here(body) });
    },
    async sns(params, also) {
      await loadSns(params.Action ?? "");
      return call(fauxqs.snsRouter, { headers: {}, body: here(params) }, also);
    },
  };
}

function loader(service: "sqs" | "sns", actions: readonly string[], router: Router) {
  const known = new Set(actions);
  const loaded = new Map<string, Promise<void>>();
  async function load(action: string): Promise<void> {
    const name = `${action.charAt(0).toLowerCase()}${action.slice(1)}`;
    const module = await part<{ [name: string]: () => unknown }>(`${service}/actions/${MODULES[action] ?? name}.js`);
    const handler = module[name];
    if (handler === undefined) throw new Error(`fauxqs has no ${name}.`);
    router.register(action, handler);
  }
  return (action: string): Promise<void> => {
    // The router says that it does not know it.
    if (!known.has(action)) return Promise.resolve();
    const promise = loaded.get(action) ?? load(action);
    loaded.set(action, promise);
    return promise;
  };
}

const ELSEWHERE = /\barn:aws[\w-]*:(sqs|sns):[\w-]*:\d*:/g;

/** ARNs of any region and account mean what has that name here; message bodies stay what they are. */
function here<T extends object>(params: T): T {
  const pairs = Object.entries(params).map(([name, value]) => [name, isArn(name) ? localArns(value) : value]);
  return Object.fromEntries(pairs) as T;
}

function isArn(name: string): boolean {
  return /^(TopicArn|TargetArn|SubscriptionArn|ResourceArn|Endpoint|AttributeValue|Attributes.*)$/.test(name);
}

function localArns(value: unknown): unknown {
  if (typeof value === "string") return value.replace(ELSEWHERE, `arn:aws:$1:${REGION}:${ACCOUNT}:`);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, localArns(inner)]));
}
