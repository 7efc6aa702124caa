/** Which Lambda function a task's resource stands for (fdl.md §3.1.1, §12). */
import { formatResource, functionName } from "../fdl/resource.ts";
import type { Invocation } from "../runtime/ports/functions.ts";

type FunctionResource = Invocation["resource"];

/**
 * Lambda functions by resource, where the deployment calls them otherwise: a name or ARN without qualifier. Keys are the whole
 * resource text, `service/function`, or the name that the function would have (`service-function`); the first that there is.
 */
export type FunctionNames = { readonly [key: string]: string };

export interface LambdaName {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

/** The function of the calls' FunctionName and Qualifier; undefined for a name that no Lambda function can have. */
export function lambdaNameOf(resource: FunctionResource, names: FunctionNames = {}): LambdaName | undefined {
  const { name, qualifier } = functionName(resource);
  const key = keysOf(resource, name).find((one) => Object.hasOwn(names, one));
  const given = key === undefined ? undefined : names[key];
  if (given === undefined && !/^[\w-]{1,64}$/.test(name)) return undefined;
  if (qualifier !== undefined && !/^(\$LATEST|[\w-]{1,128})$/.test(qualifier)) return undefined;
  return {
    FunctionName: given ?? inItsAccount(resource, name),
    ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
  };
}

function keysOf(resource: FunctionResource, name: string): readonly string[] {
  const whole = formatResource(resource);
  return resource.kind === "fc" ? [whole, `${resource.service}/${resource.function}`, name] : [whole, name];
}

/** AWS's account ids have 12 digits: others are Function Compute's, whose region and account mean the deployment's own. */
function inItsAccount({ region, account }: FunctionResource, name: string): string {
  if (!/^\d{12}$/.test(account)) return name;
  return region === "" ? `${account}:function:${name}` : `arn:aws:lambda:${region}:${account}:function:${name}`;
}
