/** What a signed request says of itself, whichever its scheme. Nothing of it is proven yet. */
import { StepwellError } from "../../fdl/errors.ts";
import { invalid, quoted } from "../errors.ts";

export interface Claim {
  readonly terms: Terms;
  readonly accessKeyId: string;
  readonly nonce: string;
  /** When the request was signed, in ms since 1970. */
  readonly at: number;
  /** That of a temporary key pair. */
  readonly securityToken: string | undefined;
  readonly signature: string;
  /** The signature that this secret makes of the request. Throws StepwellError `SignatureNotMatch` when none can be right. */
  readonly sign: (secret: string) => string;
}

/** How a scheme calls its parts. */
export interface Terms {
  readonly part: "parameter" | "header";
  readonly time: string;
  readonly token: string;
  /** What of a request is signed, for whoever looks for what was changed on the way. */
  readonly covers: string;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** When a request was signed. Throws StepwellError `InvalidArgument` for what is no time in `YYYY-MM-DDThh:mm:ssZ`. */
export function readTime({ time }: Terms, text: string): number {
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse takes a 30th of February for the 2nd of March.
  if (!Number.isNaN(at) && new Date(at).toISOString() === text.replace("Z", ".000Z")) return at;
  throw invalid(`${time} ${quoted(text)} is not allowed: it must be a time in UTC such as 2030-01-02T03:04:05Z.`);
}

/** A part of the signature that the request does not have. */
export function missing({ part }: Terms, name: string, advice: string): StepwellError {
  const code = part === "header" ? "MissingRequiredHeader" : "MissingRequiredParams";
  return new StepwellError(code, `The ${part} ${name} is missing: ${advice}.`);
}
