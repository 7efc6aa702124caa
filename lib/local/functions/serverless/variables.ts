/**
 * The variables of a serverless.yml that can be known without the cloud: `${self:…}`, `${env:…}`, `${opt:…}`,
 * `${sls:stage}`, `${aws:region}`, `${file(…)}` of YAML and JSON, each with fallbacks behind commas, one inside another.
 */

export interface VariableSources {
  /** The document, for `self:`. */
  readonly root: unknown;
  readonly env: { readonly [name: string]: string | undefined };
  /** The value of a file, for `file(…)`; undefined when there is none. */
  readonly file: (path: string) => unknown;
}

/** The variables whose values are being looked for. */
type Inside = readonly string[];

export type Resolved = { readonly value: unknown } | { readonly unresolved: string };

/** Replacements in one text; a value that grows by what it is replaced with ends there. */
const MAX_ROUNDS = 100;

/** The value with its variables, when it is a text, replaced; or the variable that cannot be. Maps and lists stay as they are. */
export function resolveVariables(value: unknown, sources: VariableSources, inside: Inside = []): Resolved {
  if (typeof value !== "string") return { value };
  let text = value;
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
    // The innermost one that is left.
    const variable = /\$\{([^${}]*)\}/.exec(text);
    if (variable === null) return { value: text };
    const [whole, expression = ""] = variable;
    const found = firstValue(expression, sources, inside);
    if (found === undefined) return { unresolved: whole };
    if (whole === text) return { value: found };
    if (typeof found === "object") return { unresolved: whole };
    text = text.slice(0, variable.index) + String(found) + text.slice(variable.index + whole.length);
  }
  return { unresolved: text };
}

/** The first of the alternatives that has a value. */
function firstValue(expression: string, sources: VariableSources, inside: Inside): unknown {
  for (const [alternative] of expression.matchAll(/(?:'[^']*'|"[^"]*"|\([^)]*\)|[^,])+/g)) {
    const value = alternativeOf(alternative.trim(), sources, inside);
    if (value !== undefined) return value;
  }
  return undefined;
}

function alternativeOf(text: string, sources: VariableSources, inside: Inside): unknown {
  // It refers to itself.
  if (inside.includes(text)) return undefined;
  const quoted = /^(?:'([^']*)'|"([^"]*)")$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (/^(?:true|false|-?\d+(?:\.\d+)?)$/.test(text)) return JSON.parse(text);
  const self = (path: string): unknown => {
    const resolved = at(sources.root, path, sources, [...inside, text]);
    return "value" in resolved ? (resolved.value ?? undefined) : undefined;
  };
  const file = /^file\(([^)]*)\)(?::(.*))?$/.exec(text);
  if (file !== null) {
    const [, path = "", address = ""] = file;
    const resolved = at(sources.file(path.trim()), address, sources, [...inside, text]);
    return "value" in resolved ? (resolved.value ?? undefined) : undefined;
  }
  const [, source, address = ""] = /^(\w+):(.*)$/.exec(text) ?? [];
  switch (source) {
    case "env":
      return sources.env[address];
    case "self":
      return self(address);
    case "sls":
      return address === "stage" ? (self("provider.stage") ?? "dev") : undefined;
    case "aws":
      return address === "region" ? (self("provider.region") ?? "us-east-1") : undefined;
    default:
      // Options of a deployment (`opt:`) are not given here; what is in the cloud cannot be read.
      return undefined;
  }
}

/** What stands at `a.b.c`, with the variables on the way. */
function at(root: unknown, path: string, sources: VariableSources, inside: Inside): Resolved {
  let resolved = resolveVariables(root, sources, inside);
  for (const name of path === "" ? [] : path.split(".")) {
    if (!("value" in resolved)) return resolved;
    const { value } = resolved;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return { value: undefined };
    resolved = resolveVariables((value as { readonly [key: string]: unknown })[name], sources, inside);
  }
  return resolved;
}
