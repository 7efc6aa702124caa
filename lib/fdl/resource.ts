/** Resource names of tasks: what they say, their canonical text, and the Lambda function they stand for (fdl.md §3.1.1, §12). */

export { parseResource, RESOURCE_FORMS } from "./resource-parse.ts";

export type Resource =
  /** `acs:fc:::services/S[.Q]/functions/F` */
  | {
      readonly kind: "fc";
      readonly service: string;
      readonly function: string;
      readonly qualifier?: string;
      readonly region: string;
      readonly account: string;
    }
  /** `acs:fc:::functions/F[/Q]` and `arn:aws:lambda:R:A:function:F[:Q]` */
  | {
      readonly kind: "function";
      readonly function: string;
      readonly qualifier?: string;
      readonly region: string;
      readonly account: string;
    }
  /** `acs:mns:::/queues/Q/messages`, `arn:aws:sqs:R:A:Q` */
  | { readonly kind: "queue"; readonly queue: string; readonly region: string; readonly account: string }
  /** `acs:mns:::/topics/T/messages`, `arn:aws:sns:R:A:T` */
  | { readonly kind: "topic"; readonly topic: string; readonly region: string; readonly account: string }
  /** `acs:fnf:::flow/F` and `action: fnf:StartExecution` (flow name then comes from serviceParams.FlowName) */
  | { readonly kind: "flow"; readonly flow?: string };

/** The canonical text of a resource: the form of the service that it runs on. */
export function formatResource(resource: Resource): string {
  switch (resource.kind) {
    case "fc": {
      const { region, account, service, qualifier } = resource;
      const qualified = qualifier === undefined ? service : `${service}.${qualifier}`;
      return `acs:fc:${region}:${account}:services/${qualified}/functions/${resource.function}`;
    }
    case "function": {
      const name = `arn:aws:lambda:${resource.region}:${resource.account}:function:${resource.function}`;
      return resource.qualifier === undefined ? name : `${name}:${resource.qualifier}`;
    }
    case "queue":
      return `arn:aws:sqs:${resource.region}:${resource.account}:${resource.queue}`;
    case "topic":
      return `arn:aws:sns:${resource.region}:${resource.account}:${resource.topic}`;
    case "flow":
      return resource.flow === undefined ? "fnf:StartExecution" : `acs:fnf:::flow/${resource.flow}`;
  }
}

/** The Lambda function that a function resource stands for: `S-F` for function F of service S. */
export function functionName(resource: Extract<Resource, { kind: "fc" | "function" }>): {
  readonly name: string;
  readonly qualifier?: string;
} {
  const name = resource.kind === "fc" ? `${resource.service}-${resource.function}` : resource.function;
  return resource.qualifier === undefined ? { name } : { name, qualifier: resource.qualifier };
}
