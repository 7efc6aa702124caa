/** The accepted forms of resource names, one entry each: text for messages, what stands behind the account, what it means (fdl.md §3.1.1, §12). */
import type { Resource } from "./resource.ts";

/** Region and account of a name; empty: those of the flow. */
interface Place {
  readonly region: string;
  readonly account: string;
}

/** A named part of the rest of a name; "" when it is absent. */
export type Part = (name: string) => string;

/** One accepted form. */
export interface Form {
  /** What stands before the region. */
  readonly prefix: string;
  /** What stands behind the account, for messages. */
  readonly shape: string;
  /** What stands behind the account. */
  readonly rest: RegExp;
  /** Makes usual slips right: a text that then matches `rest` is what the author meant (so most patterns need no anchors). */
  readonly mend: (rest: string) => string;
  readonly read: (part: Part, place: Place) => Resource;
}

export const FORMS: readonly Form[] = [
  {
    prefix: "acs:fc",
    shape: "services/{service}[.{versionOrAlias}]/functions/{function}",
    rest: /^services\/(?<service>[\w-]+)(?:\.(?<qualifier>[\w-]+))?\/functions\/(?<function>[\w-]+)$/,
    mend: (rest) =>
      rest
        .replace(/\/?services?\//, "services/")
        .replace(/\/functions?\//, "/functions/")
        .replace(/services\/([^/.]+)\/functions\/([^/.]+)[/.]([^/]+)/, "services/$1.$3/functions/$2"),
    read: (part, place) => ({
      kind: "fc",
      service: part("service"),
      function: part("function"),
      ...qualifier(part, "LATEST"),
      ...place,
    }),
  },
  {
    prefix: "acs:fc",
    shape: "functions/{function}[/{versionOrAlias}]",
    rest: /^functions\/(?<function>[\w-]+)(?:\/(?<qualifier>[\w-]+))?$/,
    mend: (rest) => rest.replace(/\/?functions?\//, "functions/"),
    read: (part, place) => ({
      kind: "function",
      function: part("function"),
      ...qualifier(part, "LATEST"),
      ...place,
    }),
  },
  {
    prefix: "acs:mns",
    shape: "/queues/{queue}/messages",
    rest: /^\/queues\/(?<queue>[\w-]+(?:\.fifo)?)\/messages$/,
    mend: (rest) => rest.replace(/\/?queues?\/([^/]+).*/, "/queues/$1/messages"),
    read: (part, place) => ({ kind: "queue", queue: part("queue"), ...place }),
  },
  {
    prefix: "acs:mns",
    shape: "/topics/{topic}/messages",
    rest: /^\/topics\/(?<topic>[\w-]+(?:\.fifo)?)\/messages$/,
    mend: (rest) => rest.replace(/\/?topics?\/([^/]+).*/, "/topics/$1/messages"),
    read: (part, place) => ({ kind: "topic", topic: part("topic"), ...place }),
  },
  {
    prefix: "acs:fnf",
    shape: "flow/{flow}",
    rest: /^flow\/(?<flow>[A-Za-z_][\w-]{0,127})$/,
    mend: (rest) => rest.replace(/\/?(?:flows?[/:])?/, "flow/"),
    read: (part) => ({ kind: "flow", flow: part("flow") }),
  },
  {
    prefix: "arn:aws:lambda",
    shape: "function:{function}[:{versionOrAlias}]",
    rest: /^function:(?<function>[\w-]+)(?::(?<qualifier>[\w-]+|\$LATEST))?$/,
    mend: (rest) => rest.replace(/(?:functions?[/:])?/, "function:"),
    read: (part, place) => ({
      kind: "function",
      function: part("function"),
      ...qualifier(part, "$LATEST"),
      ...place,
    }),
  },
  {
    prefix: "arn:aws:sqs",
    shape: "{queue}",
    rest: /^(?<queue>[\w-]+(?:\.fifo)?)$/,
    mend: (rest) => rest.replace(/^queues?[/:]/, ""),
    read: (part, place) => ({ kind: "queue", queue: part("queue"), ...place }),
  },
  {
    prefix: "arn:aws:sns",
    shape: "{topic}",
    rest: /^(?<topic>[\w-]+(?:\.fifo)?)$/,
    mend: (rest) => rest.replace(/^topics?[/:]/, ""),
    read: (part, place) => ({ kind: "topic", topic: part("topic"), ...place }),
  },
];

/** The qualifier of a function; none where it says "the latest" in the service's own way. */
function qualifier(part: Part, latest: string): { readonly qualifier?: string } {
  const qualifier = part("qualifier");
  return qualifier === "" || qualifier === latest ? {} : { qualifier };
}
