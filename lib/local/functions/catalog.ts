/**
 * Which function a task means, among those there are. A task names a function in several spellings (names.ts), with or
 * without a qualifier; a qualifier is a version, or an alias that stands for one.
 */
import { type FunctionResource, findFunction, functionKeys, lambdaName, spellings } from "./names.ts";
import type { Aliases } from "./protocol.ts";

export interface Catalog {
  /** The key under which the function process has it, and the version that it is; or why there is none, to be shown. */
  find(resource: FunctionResource): Found | { readonly missing: string };
  /** The version that the resource's qualifier stands for; undefined when it is no alias. */
  versionOf(resource: FunctionResource): string | undefined;
}

export interface Found {
  readonly key: string;
  readonly version: string;
}

export interface CatalogOptions {
  /** Key by name; a version's name has its qualifier: `service.1/function`, `name:1`. */
  readonly names: ReadonlyMap<string, string>;
  /** By a name without qualifier. */
  readonly aliases: Aliases;
  /** What has the functions, for messages: `["The functions module", "exports"]`. */
  readonly owner: readonly [name: string, verb: string];
  /**
   * A qualifier that stands for nothing is an error where the function has versions or aliases, as on Lambda. Otherwise
   * the function without its qualifier is taken.
   */
  readonly strict: boolean;
}

/** The newest code, in Function Compute's spelling and in Lambda's. */
const NEWEST = ["LATEST", "$LATEST"];

export function catalogOf({ names, aliases, owner, strict }: CatalogOptions): Catalog {
  const all = new Set(names.keys());
  const standsFor = new Map(Object.entries(aliases).map(([name, one]) => [name, new Map(Object.entries(one))]));
  const versions = versionsOf(all);

  function versionOf(resource: FunctionResource): string | undefined {
    const { qualifier } = resource;
    if (qualifier === undefined) return undefined;
    for (const name of spellings(resource, undefined)) {
      const version = standsFor.get(name)?.get(qualifier);
      if (version !== undefined) return version;
    }
    return undefined;
  }

  function found(name: string | undefined, version: string): Found | undefined {
    const key = name === undefined ? undefined : names.get(name);
    return key === undefined ? undefined : { key, version };
  }

  /** With a qualifier that is no way to say "the newest". */
  function findQualified(resource: FunctionResource, qualifier: string): Found | { readonly missing: string } {
    const version = versionOf(resource) ?? qualifier;
    const exact = found(
      spellings(resource, version).find((name) => all.has(name)),
      version,
    );
    if (exact !== undefined) return exact;
    const plain = spellings(resource, undefined);
    const known = new Set(plain.flatMap((name) => versions.get(name) ?? []));
    const knownAliases = new Set(plain.flatMap((name) => [...(standsFor.get(name)?.keys() ?? [])]));
    if (strict && (known.size > 0 || knownAliases.size > 0)) {
      return { missing: noVersion(resource, version, [...known], [...knownAliases]) };
    }
    const newest = plain.find((name) => all.has(name));
    return found(newest, qualifier) ?? { missing: noFunction(resource) };
  }

  function noFunction(resource: FunctionResource): string {
    const tried = functionKeys(resource).map((name) => JSON.stringify(name));
    const has = names.size === 0 ? "nothing" : [...names.keys()].map((name) => JSON.stringify(name)).join(", ");
    return `${owner[0]} ${owner[1]} none of ${tried.join(", ")}; it ${owner[1]} ${has}.`;
  }

  return {
    versionOf,
    find(resource) {
      const { qualifier } = resource;
      if (qualifier !== undefined && !(strict && NEWEST.includes(qualifier))) return findQualified(resource, qualifier);
      const { qualifier: _, ...plain } = resource;
      return found(findFunction(all, plain), "$LATEST") ?? { missing: noFunction(resource) };
    },
  };
}

function noVersion(
  resource: FunctionResource,
  version: string,
  versions: readonly string[],
  aliases: readonly string[],
): string {
  const name = lambdaName(resource);
  const alias = version === resource.qualifier ? "" : `, which the alias ${resource.qualifier} stands for`;
  const list = (items: readonly string[]) => (items.length === 0 ? "none" : items.join(", "));
  return `Function not found: ${name}:${version}${alias}. The versions of ${name} are: ${list(versions)}; its aliases: ${list(aliases)}.`;
}

/** The qualifiers under which there is a function, by its name without one. */
function versionsOf(names: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const name of names) {
    const parts = FORMS.map((form) => form.exec(name)?.groups).find((groups) => groups !== undefined);
    if (parts === undefined) continue;
    const plain = `${parts.before}${parts.after ?? ""}`;
    versions.set(plain, [...(versions.get(plain) ?? []), parts.qualifier ?? ""]);
  }
  return versions;
}

/** The spellings that a name with a qualifier may have. */
const FORMS: readonly RegExp[] = [
  /^(?<before>acs:fc:[^:]*:[^:]*:services\/[^./]+)\.(?<qualifier>[^/]+)(?<after>\/functions\/.+)$/,
  /^(?<before>acs:fc:[^:]*:[^:]*:functions\/[^/]+)\/(?<qualifier>.+)$/,
  /^(?<before>arn:aws:lambda:[^:]*:[^:]*:function:[^:]+):(?<qualifier>.+)$/,
  /^(?<before>[^./:]+)\.(?<qualifier>[^/:]+)(?<after>\/[^:]+)$/,
  /^(?<before>[^/:]+):(?<qualifier>[^:]+)$/,
];
