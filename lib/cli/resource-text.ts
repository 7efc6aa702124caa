/** A task's resource in a few words: what kind of thing it calls, and its name. */
import type { TaskStep } from "../fdl/definition.ts";

/** For example `shop/pay`, `queue mails`, `flow refund`. */
export function resourceText({ resource, resourceArn }: Pick<TaskStep, "resource" | "resourceArn">): string {
  switch (resource.kind) {
    case "fc":
      return `${resource.service}${qualifier(".", resource.qualifier)}/${resource.function}`;
    case "function":
      return `${resource.function}${qualifier(":", resource.qualifier)}`;
    case "queue":
      return `queue ${resource.queue}`;
    case "topic":
      return `topic ${resource.topic}`;
    case "flow":
      return resource.flow === undefined ? resourceArn : `flow ${resource.flow}`;
    default:
      return resource satisfies never;
  }
}

function qualifier(separator: string, text: string | undefined): string {
  return text === undefined ? "" : `${separator}${text}`;
}
