/**
 * The API: one request in, one answer out, whatever carries them. Wire-compatible with the RPC style of `fnf` 2019-03-15: one
 * path, the operation is a parameter, answers are JSON. Requests are not signed yet; the parameters of signatures are
 * passed over. Beside it, under paths of their own, callbacks for whoever has no SDK (callbacks/).
 */
import { StepwellError } from "../fdl/errors.ts";
import type { Context } from "./action.ts";
import { requireAction } from "./actions.ts";
import { type ApiResponse, type Fields, failure, success } from "./answer.ts";
import { answerCallback } from "./callbacks/handler.ts";
import { callbackRoute } from "./callbacks/route.ts";
import { invalid, quoted } from "./errors.ts";
import { historyPages } from "./history-pages.ts";
import { type ApiRequest, type Params, readParams } from "./params.ts";
import { concludeAfter } from "./settled.ts";
import { refuseWebPages } from "./web-page.ts";

export interface ApiOptions extends Omit<Context, "histories"> {
  /** Resolves when all that was done so far may be told: nothing is answered before. */
  readonly settled: () => Promise<void>;
  /** Told of each error that is no answer but a fault; its caller gets `InternalServerError`. */
  readonly onError?: (error: unknown) => void;
}

const VERSION = "2019-03-15";

/** What SDKs make (UUIDs, hex), and what people type. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * A handler of requests. It never rejects: what goes wrong is an answer. When `signal` aborts (the caller has gone away,
 * the server closes) a request that waits is answered at once with what there is.
 */
export function createApi(options: ApiOptions): (request: ApiRequest, signal?: AbortSignal) => Promise<ApiResponse> {
  const { runtime, ended, settled, onError = () => {} } = options;
  const context: Context = { runtime, ended, histories: historyPages(runtime) };
  const conclude = concludeAfter(settled, onError);

  return async (request, signal = new AbortController().signal) => {
    const callback = callbackRoute(request.target);
    if (callback !== undefined) return answerCallback(runtime, conclude, callback, request);
    let requestId: string | undefined;
    const answer = await conclude<(requestId: string) => ApiResponse>(
      async () => {
        refuseWebPages(request.headers);
        const params = readParams(request);
        requestId = requestIdOf(params);
        const fields: Fields = await actionOf(request, params).perform(context, params, signal);
        return (id) => success(id, fields);
      },
      (refusal) => (id) => failure(id, refusal),
    );
    return answer(requestId ?? runtime.ports.ids.next());
  };
}

/** The id that the caller chose, if any. */
function requestIdOf(params: Params): string | undefined {
  const given = params.get("RequestId");
  if (given === undefined || given === "") return undefined;
  if (REQUEST_ID.test(given)) return given;
  throw invalid(`RequestId ${quoted(given)} is not allowed: it must be 1 to 128 letters, digits, ".", "_" and "-".`);
}

/** Parameters are older than headers, and signed: where there are both, they count. */
function actionOf({ headers }: ApiRequest, params: Params) {
  const version = params.get("Version") ?? headers["x-acs-version"];
  if (version !== VERSION) {
    const what = version === undefined ? "Version is missing" : `Version ${quoted(version)} is not supported`;
    throw new StepwellError("APIVersionNotSupported", `${what}: send Version=${VERSION}.`);
  }
  const action = params.get("Action") ?? headers["x-acs-action"];
  if (action === undefined) throw new StepwellError("MissingRequiredParams", "Action is missing.");
  return requireAction(action);
}
