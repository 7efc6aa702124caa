/** Which export of a functions module a task means: one resource has several spellings, and the module may use any of them. */
import type { Invocation } from "../../runtime/ports/functions.ts";

export type FunctionResource = Invocation["resource"];

/**
 * The keys under which a module may offer the function of `resource`, most exact first: the whole resource text, then
 * `service/function`, then the Lambda function's name (`service-function` or the name). A resource with a qualifier is
 * looked for with it (`service.qualifier/function`, `name:qualifier`), then without.
 */
export function functionKeys(resource: FunctionResource): readonly string[] {
  const plain = spellings(resource, undefined);
  return resource.qualifier === undefined ? plain : [...spellings(resource, resource.qualifier), ...plain];
}

/** The first of those keys that the module has. */
export function findFunction(names: ReadonlySet<string>, resource: FunctionResource): string | undefined {
  return functionKeys(resource).find((key) => names.has(key));
}

/** The Lambda function's name, as it stands in logs and in the context of the call. */
export function lambdaName(resource: FunctionResource): string {
  return resource.kind === "fc" ? `${resource.service}-${resource.function}` : resource.function;
}

/** The ARN that the function is told it was invoked by. */
export function lambdaArn(resource: FunctionResource): string {
  const { region, account, qualifier } = resource;
  return `arn:aws:lambda:${region}:${account}:function:${lambdaName(resource)}${qualifier === undefined ? "" : `:${qualifier}`}`;
}

/** The spellings of a function with that qualifier, or of the newest. */
export function spellings(resource: FunctionResource, qualifier: string | undefined): readonly string[] {
  const { region, account } = resource;
  const after = (separator: string) => (qualifier === undefined ? "" : `${separator}${qualifier}`);
  const name = lambdaName(resource);
  if (resource.kind === "fc") {
    const service = `${resource.service}${after(".")}`;
    return [
      `acs:fc:${region}:${account}:services/${service}/functions/${resource.function}`,
      `${service}/${resource.function}`,
      `${name}${after(":")}`,
    ];
  }
  return [
    `arn:aws:lambda:${region}:${account}:function:${name}${after(":")}`,
    `acs:fc:${region}:${account}:functions/${name}${after("/")}`,
    `${name}${after(":")}`,
  ];
}
