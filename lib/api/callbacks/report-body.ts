/** What the body of a callback says: JSON of a program, or the form of a page (page.ts). */
import { StepwellError } from "../../fdl/errors.ts";
import type { Json } from "../../fdl/json.ts";
import { invalid, quoted } from "../errors.ts";
import { errorCause, errorName, json, jsonObject } from "../kinds.ts";
import { optional, required } from "../parameter.ts";
import { type ApiRequest, FORM, mediaType, parsePairs, requirePlain } from "../params.ts";

type Report = { readonly kind: "succeeded"; readonly output: Json } | Failure;
type Failure = { readonly kind: "failed"; readonly error: string; readonly cause: string };
type Body = Pick<ApiRequest, "headers" | "body">;

const error = required(errorName);
const cause = optional(errorCause, "");

/** What the body reports. Throws StepwellError `InvalidArgument`, `MissingRequiredParams`, `UnsupportedMediaType`. */
export function readReport(verb: "success" | "failure", request: Body): Report {
  return verb === "success" ? { kind: "succeeded", output: readOutput(request) } : readFailure(request);
}

/** Any JSON value; no body is `{}`. */
function readOutput(request: Body): Json {
  const text = isForm(request) ? formOf(request.body, ["output"]).get("output") : request.body;
  return text === undefined || text.trim() === "" ? {} : json(text, "The output");
}

/** An error and perhaps a cause, with the limits of ReportTaskFailed (api.md §3.4). */
function readFailure(request: Body): Failure {
  const fields = isForm(request)
    ? formOf(request.body, ["error", "cause"])
    : objectOf(request.body, ["error", "cause"]);
  return {
    kind: "failed",
    error: error.read(fields.get("error"), "error"),
    // Browsers end the lines of a text area as HTTP does.
    cause: cause.read(fields.get("cause")?.replaceAll("\r\n", "\n"), "cause"),
  };
}

/** True for a form, false for JSON; a body of another type is refused. */
function isForm({ headers, body }: Body): boolean {
  if (body === "") return false;
  requirePlain(headers);
  const type = mediaType(headers);
  if (type === FORM) return true;
  if (type === undefined || type === "application/json") return false;
  throw new StepwellError("UnsupportedMediaType", `A body of type ${quoted(type)} is not read: send application/json.`);
}

/** The fields of a form. `curl -d` calls JSON a form as well: taken for one, it would say nothing and complete the task. */
function formOf(body: string, names: readonly string[]): ReadonlyMap<string, string> {
  const fields = parsePairs(body, "form");
  for (const name of fields.keys()) requireKnown(name, names, "for JSON, send content-type application/json");
  return fields;
}

function objectOf(body: string, names: readonly string[]): ReadonlyMap<string, string> {
  if (body.trim() === "") return new Map();
  const fields = Object.entries(jsonObject(body, "The body")).map(([name, value]): [string, string] => {
    requireKnown(name, names, `there are ${names.join(" and ")}`);
    if (typeof value === "string" && value.isWellFormed()) return [name, value];
    throw invalid(`${name} must be a text.`);
  });
  return new Map(fields);
}

function requireKnown(name: string, names: readonly string[], instead: string): void {
  if (!names.includes(name)) throw invalid(`The body has a field ${quoted(name)}, which is not known: ${instead}.`);
}
