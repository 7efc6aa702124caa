/** Errors of SNS, in XML. */
import { randomUUID } from "node:crypto";
import type { Answer } from "./actions.ts";

const NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

/** The answer to a request that is wrong. */
export function snsError(code: string, message: string, status = 400): Answer {
  const type = status < 500 ? "Sender" : "Receiver";
  const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  const body = `<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
  return { status, headers: { "content-type": "text/xml" }, body };
}

/** What an answer that is an error says. */
export function readSnsError(xml: string): { readonly code: string; readonly message: string } {
  const text = (name: string) => unescaped(new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "");
  return { code: text("Code"), message: text("Message") };
}

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'" } as const;

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => (character === "&" ? "&amp;" : character === "<" ? "&lt;" : "&gt;"));
}

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (entity) => ENTITIES[entity as keyof typeof ENTITIES]);
}
