/** The parser of resource names (fdl.md §3.1.1, §12): most of it finds out what an author meant who wrote another form. */
import { ExpressionError } from "./errors.ts";
import type { Resource } from "./resource.ts";
import { FORMS, type Form, type Part } from "./resource-forms.ts";

/** All accepted forms, for messages. */
export const RESOURCE_FORMS: readonly string[] = FORMS.map(
  ({ prefix, shape }) => `${prefix}:{region}:{account}:${shape}`,
);

/**
 * Parses the `resourceArn` of a task. Region and account may be empty, or placeholders in braces as tutorials print
 * them: both mean those of the flow.
 *
 * @example
 * parseResource("acs:fc:::services/shop.online/functions/pay"); // { kind: "fc", service: "shop", qualifier: "online", … }
 * @throws {ExpressionError} when the text is no resource name
 */
export function parseResource(text: string): Resource {
  const template = text.search(/^!|\$\{/);
  if (template !== -1) {
    throw new ExpressionError(
      `"!Ref …" and "\${…}" are no part of the language: a deploy tool must resolve them to a resource name first.`,
      template,
    );
  }
  const forms = FORMS.filter(({ prefix }) => text === prefix || text.startsWith(`${prefix}:`));
  const prefix = forms[0]?.prefix;
  if (prefix === undefined) {
    throw new ExpressionError(`A resource name has one of the forms ${RESOURCE_FORMS.join(", ")}.`, 0);
  }
  const behind = text.slice(prefix.length);
  const fields = match(/:(?<region>[^:]*):(?<account>[^:]*):(?<rest>.*)/s, behind);
  if (fields === undefined) {
    const meant = suggestion(forms, ":::", behind.replace(/:+/, ""));
    throw new ExpressionError(
      `Region and account stand behind "${prefix}", each with a colon before and behind it; both may be empty.${meant}`,
      prefix.length,
    );
  }
  const [region, account, rest] = [fields("region"), fields("account"), fields("rest")];
  const place = {
    region: readPlace(region, /^[A-Za-z\d-]*$/, 'A region has letters, digits and "-"', prefix.length + 1),
    account: readPlace(account, /^\d*$/, "An account has digits", prefix.length + region.length + 2),
  };
  for (const form of forms) {
    const part = match(form.rest, rest);
    if (part !== undefined) return form.read(part, place);
  }
  throw restError(forms, `:${region}:${account}:`, rest, text.length - rest.length);
}

function readPlace(text: string, allowed: RegExp, rule: string, offset: number): string {
  if (/^\{[^{}]*\}$/.test(text)) return "";
  if (allowed.test(text)) return text;
  throw new ExpressionError(`${rule}, or is empty: then it is the flow's own.`, offset);
}

function restError(forms: readonly Form[], place: string, rest: string, offset: number): ExpressionError {
  const placeholder = /\{[^}]*\}|<[^>]*>/.exec(rest);
  if (placeholder !== null) {
    return new ExpressionError(`Put a name in the place of ${placeholder[0]}.`, offset + placeholder.index);
  }
  const shapes = forms.map(({ shape }) => shape).join(" or ");
  return new ExpressionError(
    `Expected ${shapes} behind the account; names have letters, digits, "_" and "-".${suggestion(forms, place, rest)}`,
    offset,
  );
}

/** " Did you mean …?" where a usual slip explains the text, else "". */
function suggestion(forms: readonly Form[], place: string, rest: string): string {
  for (const { prefix, rest: valid, mend } of forms) {
    const mended = mend(rest);
    if (valid.test(mended)) return ` Did you mean "${prefix}${place}${mended}"?`;
  }
  return "";
}

/** The named parts of a text that `pattern` matches. */
function match(pattern: RegExp, text: string): Part | undefined {
  const groups = pattern.exec(text)?.groups;
  return groups === undefined ? undefined : (name) => groups[name] ?? "";
}
