/**
 * The endpoint of callbacks, for people and programs without an SDK. No check of where a request comes from (web-page.ts): a
 * mail's link is cross-site, a page that tells nobody its address posts with `Origin: null`, and whoever has the token may use
 * it from anywhere, while a page that has none gets nothing here.
 */
import type { Runtime } from "../../runtime/index.ts";
import type { ApiResponse } from "../answer.ts";
import type { ApiRequest } from "../params.ts";
import type { Conclude } from "../settled.ts";
import { wantsPage } from "./accept.ts";
import { jsonAnswer } from "./json.ts";
import { performCallback } from "./operations.ts";
import type { Outcome } from "./outcome.ts";
import { pageAnswer } from "./page.ts";
import type { CallbackRoute } from "./route.ts";

/** Of pages and JSON alike: the address holds the token, the answer holds only now. */
const HEADERS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  vary: "accept",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
} as const;

/** The answer to a callback; that to HEAD is GET's, whose body its carrier drops. */
export async function answerCallback(
  runtime: Runtime,
  conclude: Conclude,
  route: CallbackRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  const outcome = await conclude<Outcome>(
    () => performCallback(runtime, route, request),
    (refusal) => ({ kind: "failed", refusal }),
  );
  const requestId = runtime.ports.ids.next();
  const page = wantsPage(request.headers.accept);
  const answer = page ? pageAnswer(requestId, route, outcome) : jsonAnswer(requestId, outcome);
  const allow = outcome.kind === "wrongMethod" ? { allow: outcome.allowed.join(", ") } : {};
  return { ...answer, headers: { ...answer.headers, ...HEADERS, ...allow } };
}
