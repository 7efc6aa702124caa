/** The wire form of answers: JSON with PascalCase names, always a RequestId, and a `Code` if and only if it is a refusal (SDKs decide by it). */
import type { Refusal } from "./errors.ts";

export interface ApiResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** What an action answers with; never `Code`. */
export interface Fields {
  readonly [name: string]: unknown;
  readonly Code?: never;
}

/** A page of a list with more characters of data than this takes no further items: the client asks for the next one. */
export const MAX_PAGE_TEXT = 4 * 1024 * 1024;

const HEADERS = { "content-type": "application/json" } as const;

/** The answer to a request that was done. */
export function success(requestId: string, fields: Fields): ApiResponse {
  return { status: 200, headers: HEADERS, body: JSON.stringify({ RequestId: requestId, ...fields }) };
}

/** The answer to a request that was refused; `more` goes beside what every refusal says. */
export function failure(requestId: string, { status, code, message }: Refusal, more: Fields = {}): ApiResponse {
  return {
    status,
    headers: HEADERS,
    body: JSON.stringify({ RequestId: requestId, Code: code, Message: message, ...more }),
  };
}

/** A time as the API writes it: UTC with milliseconds; "" for one that is not known yet. */
export function timeText(ms: number | undefined): string {
  return ms === undefined ? "" : new Date(ms).toISOString();
}
