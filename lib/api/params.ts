/**
 * The parameters of a request: those of the query together with those of the form body, which win. Clients write a space
 * as `+` or as `%20` and send targets with or without scheme and host (through a proxy). Parsed by hand: `URLSearchParams`
 * takes longer and repairs in silence what is refused here (bad percent encoding, names given twice).
 */
import { StepwellError } from "../fdl/errors.ts";
import { invalid, quoted } from "./errors.ts";

export interface ApiRequest {
  readonly method: string;
  /** Request target: `/?Action=…`, or with scheme and host before it. */
  readonly target: string;
  readonly headers: { readonly [lowerCaseName: string]: string | undefined };
  /** Text of the body; "" when there is none. */
  readonly body: string;
}

/** A map, since a caller may call a parameter `__proto__`. */
export type Params = ReadonlyMap<string, string>;

/** No request has a quarter as many. */
const MAX_PARAMS = 100;

export const FORM = "application/x-www-form-urlencoded";

/**
 * All parameters of a request, decoded. Throws StepwellError `InvalidArgument` (bad percent encoding, a name given twice),
 * `UnsupportedMediaType` (a body that is no form), `ActionNotSupported` (another method or path).
 */
export function readParams({ method, target, headers, body }: ApiRequest): Params {
  if (method !== "GET" && method !== "POST") {
    throw new StepwellError("ActionNotSupported", `Method ${quoted(method)} is not supported: use GET or POST.`);
  }
  const query = readQuery(target);
  if (body === "") return query;
  requireForm(headers);
  if (!body.isWellFormed()) throw invalid("The body holds a lone surrogate: it is no Unicode text.");
  const form = parsePairs(body, "body");
  if (query.size === 0) return form;
  for (const [name, value] of form) query.set(name, value);
  return query;
}

/** The parameters of the query alone, decoded. Throws as `readParams` does. */
export function readQuery(target: string): Map<string, string> {
  return parsePairs(queryOf(target), "query");
}

/** The query of a target whose path is `/`. */
function queryOf(target: string): string {
  const path = /^(?:https?:\/\/[^/?#]*)?\/?(?=\?|$)/i.exec(target);
  if (path === null) {
    throw new StepwellError(
      "ActionNotSupported",
      `There is no ${quoted(target)} here: the path is always /, the operation is the parameter Action.`,
    );
  }
  const query = target.slice(path[0].length + 1);
  if (/[^\x21-\x7e]/.test(query)) throw invalid("The query has characters that must be percent-encoded (as UTF-8).");
  return query;
}

function requireForm(headers: ApiRequest["headers"]): void {
  const type = headers["content-type"];
  if (type !== undefined && mediaType(headers) !== FORM) {
    throw new StepwellError("UnsupportedMediaType", `A body of type ${quoted(type)} is not read: send ${FORM}.`);
  }
  requirePlain(headers);
}

/** Type of the body in lower case, without its parameters; undefined when none is said. */
export function mediaType({ "content-type": type }: ApiRequest["headers"]): string | undefined {
  return type === undefined || type === FORM ? type : (type.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/** Throws StepwellError `UnsupportedMediaType` for a body that is compressed. */
export function requirePlain({ "content-encoding": encoding }: ApiRequest["headers"]): void {
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new StepwellError(
      "UnsupportedMediaType",
      `A body encoded as ${quoted(encoding)} is not read: send it plain.`,
    );
  }
}

/** The decoded pairs of a query or a form. Throws StepwellError `InvalidArgument`. */
export function parsePairs(text: string, where: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (let start = 0, end: number; start < text.length; start = end + 1) {
    end = text.indexOf("&", start);
    if (end < 0) end = text.length;
    if (end === start) continue;
    const pair = text.slice(start, end);
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), where);
    if (pairs.has(name)) throw invalid(`${quoted(name)} is given more than once in the ${where}.`);
    if (pairs.size === MAX_PARAMS) throw invalid(`The ${where} has more than ${MAX_PARAMS} parameters.`);
    pairs.set(name, equals < 0 ? "" : decode(pair.slice(equals + 1), where));
  }
  return pairs;
}

function decode(text: string, where: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw invalid(`The ${where} has a "%" that begins no UTF-8 text in percent encoding, in ${quoted(text)}.`);
  }
}
