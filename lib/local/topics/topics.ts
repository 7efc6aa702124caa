/**
 * What SNS does and fauxqs does not: subscriptions of HTTP endpoints, which are confirmed, and of Lambda functions, and pushes to
 * both. All other actions go to fauxqs as they are.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { Attributes } from "../../runtime/message-attributes.ts";
import type { Actions, Answer, Params } from "./actions.ts";
import { functionResource } from "./deliver.ts";
import type { Fauxqs, SnsStore, Subscription } from "./fauxqs.ts";
import { part } from "./fauxqs.ts";
import { type Publication, publicationOf, publicationsOf } from "./publication.ts";
import type { PushTable } from "./push-table.ts";
import type { Signer } from "./signing.ts";
import { snsError } from "./sns-error.ts";

export interface TopicsOptions {
  readonly fauxqs: Fauxqs;
  readonly actions: Actions;
  readonly table: PushTable;
  readonly now: () => number;
  readonly signer: () => Promise<Signer>;
  /** Called when there is something to push. */
  readonly wake: () => void;
  /** Whether an http or https endpoint may be pushed to. */
  readonly mayPushTo: (url: string) => boolean;
}

/** An SNS action. */
export type Topics = (params: Params) => Promise<Answer>;

interface Filter {
  matchesFilterPolicy(policy: object, attributes: Attributes): boolean;
  matchesFilterPolicyOnBody(policy: object, body: string): boolean;
}

export function topicsActions({ fauxqs, actions, table, signer, now, wake, mayPushTo }: TopicsOptions): Topics {
  const { sns } = fauxqs;

  async function subscribe(params: Params): Promise<Answer> {
    const { Protocol: protocol = "", Endpoint: endpoint = "", TopicArn: topicArn = "" } = params;
    const refusal = refuse(protocol, endpoint, topicArn);
    if (refusal !== undefined) return snsError("InvalidParameter", `Invalid parameter: ${refusal}`);
    if (protocol === "lambda") return subscribeLambda(params);
    if (protocol === "sqs") return actions.sns(params);
    const answer = await actions.sns(params, ({ body }) => {
      const subscription = sns.getSubscription(element(body, "SubscriptionArn"));
      if (subscription !== undefined && !subscription.confirmed) askToConfirm(subscription);
    });
    wake();
    if (answer.status >= 300 || params.ReturnSubscriptionArn === "true") return answer;
    const arn = element(answer.body, "SubscriptionArn");
    if (sns.getSubscription(arn)?.confirmed === true) return answer;
    return { ...answer, body: answer.body.replace(arn, "pending confirmation") };
  }

  function refuse(protocol: string, endpoint: string, topicArn: string): string | undefined {
    if (!["sqs", "http", "https", "lambda"].includes(protocol)) {
      return `Protocol. This endpoint delivers to sqs, http, https and lambda, not to "${protocol}".`;
    }
    if (protocol !== "sqs" && topicArn.endsWith(".fifo")) return "Protocol. A FIFO topic delivers to queues alone.";
    if (protocol === "lambda") {
      try {
        functionResource(endpoint);
      } catch (error) {
        return `Endpoint. ${error instanceof Error ? error.message : error}`;
      }
    }
    if (protocol.startsWith("http")) {
      if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== `${protocol}:`) {
        return `Endpoint. "${endpoint}" is no URL that begins with ${protocol}://.`;
      }
      if (!mayPushTo(endpoint))
        return `Endpoint. ${endpoint} is not on this machine: messages are pushed to loopback addresses alone.`;
    }
    return undefined;
  }

  /** A function needs no confirmation. */
  async function subscribeLambda(params: Params): Promise<Answer> {
    const answer = await actions.sns(params);
    if (answer.status >= 300) return answer;
    const confirmed = await actions.sns({
      Action: "ConfirmSubscription",
      TopicArn: params.TopicArn ?? "",
      Token: element(answer.body, "SubscriptionArn"),
    });
    return confirmed.status >= 300 ? confirmed : answer;
  }

  function askToConfirm({ arn, topicArn }: Subscription): void {
    const token = randomBytes(64).toString("hex");
    const at = now();
    const timestamp = new Date(at).toISOString();
    table.addToken(token, arn);
    table.add(arn, { kind: "confirmation", topicArn, messageId: randomUUID(), token, timestamp }, at);
  }

  /** For fauxqs a subscription's token is its ARN, which anybody may know. */
  function confirm(params: Params): Promise<Answer> {
    return actions.sns({ ...params, Token: table.subscriptionOf(params.Token ?? "") ?? "" });
  }

  async function publish(params: Params): Promise<Answer> {
    const publications = params.Action === "Publish" ? [publicationOf(params, "")] : publicationsOf(params);
    const problem = publications.find((publication) => publication.problem !== undefined)?.problem;
    if (problem !== undefined) return snsError("InvalidParameter", problem);
    const topicArn = params.TopicArn ?? params.TargetArn ?? "";
    const filter = await part<Filter>("sns/filter.js");
    await prepare(topicArn);
    const answer = await actions.sns(forQueues(params, topicArn, publications), ({ body }) => {
      for (const publication of publications) {
        const messageId = publication.messageId(body);
        if (messageId !== undefined) push(publication, messageId, topicArn, filter);
      }
    });
    wake();
    return answer;
  }

  /** fauxqs has no time to wait for the signer when it puts a notification into a queue. */
  async function prepare(topicArn: string): Promise<void> {
    const enveloped = subscriptionsOf(sns, topicArn).some(
      ({ protocol, attributes }) => protocol === "sqs" && attributes.RawMessageDelivery !== "true",
    );
    if (enveloped) await signer();
  }

  function push(publication: Publication, messageId: string, topicArn: string, filter: Filter): void {
    const at = now();
    for (const subscription of subscriptionsOf(sns, topicArn)) {
      const { arn, protocol, attributes: settings } = subscription;
      if (protocol === "sqs") continue;
      const message = publication.message(protocol);
      const { subject, attributes } = publication;
      if (!wants(settings, message, attributes, filter)) continue;
      const rest = {
        topicArn: subscription.topicArn,
        messageId,
        message,
        attributes,
        timestamp: new Date(at).toISOString(),
      };
      table.add(arn, { kind: "notification", ...rest, ...(subject === undefined ? {} : { subject }) }, at);
    }
  }

  return (params) => {
    switch (params.Action) {
      case "Subscribe":
        return subscribe(params);
      case "ConfirmSubscription":
        return confirm(params);
      case "Publish":
      case "PublishBatch":
        return publish(params);
      default:
        return actions.sns(params);
    }
  };
}

/** fauxqs delivers to queues: with a message for each protocol, theirs is the one that it gets. */
function forQueues(params: Params, TopicArn: string, publications: readonly Publication[]): Params {
  const messages = publications.map(({ prefix, message }) => [`${prefix}Message`, message("sqs")]);
  return { ...params, TopicArn, ...Object.fromEntries(messages) };
}

/** Those that are confirmed; a topic's name says which it is. */
function subscriptionsOf(sns: SnsStore, topicArn: string): readonly Subscription[] {
  const name = topicArn.split(":").at(-1);
  return [...sns.subscriptions.values()].filter(
    ({ topicArn: arn, confirmed }) => confirmed && arn.split(":").at(-1) === name,
  );
}

/** The subscription's filter policy (SNS: "Subscription filter policies"). One that cannot be read filters nothing, as in fauxqs. */
function wants(settings: Subscription["attributes"], message: string, attributes: Attributes, filter: Filter): boolean {
  const { FilterPolicy: policy = "", FilterPolicyScope: scope } = settings;
  if (policy === "") return true;
  try {
    const parsed = JSON.parse(policy) as object;
    return scope === "MessageBody"
      ? filter.matchesFilterPolicyOnBody(parsed, message)
      : filter.matchesFilterPolicy(parsed, attributes);
  } catch {
    return true;
  }
}

/** The text of the first element of that name. ARNs and ids have no characters that XML escapes. */
function element(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
}
