/** Reports to a task token as every worker does: a request in FnF's wire format (POST, form), which any HTTP client can make. */

/** The API refused a request. */
class ApiError extends Error {
  /** FnF's code, such as `TaskAlreadyCompleted`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

/** How a request is sent: `fetch`, or what signs it first (signed.ts). */
export type Send = (
  endpoint: string,
  request: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
) => Promise<Response>;

/** Calls an action of the API at `endpoint`; throws ApiError when it refuses, what `fetch` throws when nobody answers. */
export async function call(
  endpoint: string,
  action: string,
  params: Readonly<Record<string, string>>,
  send: Send = fetch,
): Promise<unknown> {
  const body = new URLSearchParams({ Action: action, Version: "2019-03-15", ...params }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const response = await send(endpoint, { method: "POST", headers, body });
  const text = await response.text();
  const answer = parse(text);
  if (answer === undefined)
    throw new ApiError("NoApi", `${endpoint} answered ${response.status}, and not as Stepwell does`);
  if (response.ok) return answer;
  throw new ApiError(String(answer.Code ?? response.status), String(answer.Message ?? text));
}

/** Tells the flow that the task with that token is done. `already`: somebody said so before, and that is as good. */
export async function reportSucceeded(
  endpoint: string,
  { taskToken, output }: { readonly taskToken: string; readonly output: object },
  send?: Send,
): Promise<"reported" | "already"> {
  try {
    await call(endpoint, "ReportTaskSucceeded", { TaskToken: taskToken, Output: JSON.stringify(output) }, send);
    return "reported";
  } catch (error) {
    if (error instanceof ApiError && error.code === "TaskAlreadyCompleted") return "already";
    throw error;
  }
}

/** An error in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // `fetch` and the SDKs say in the cause, or in the code, why nobody answered.
  const inner = error.cause instanceof Error ? error.cause : error;
  const code = "code" in inner && typeof inner.code === "string" ? inner.code : inner.name;
  return inner.message === "" || inner.message === code ? code : `${code}: ${inner.message}`;
}

/** Aborts at the first SIGINT or SIGTERM, so that a worker ends when its work in hand is done; at the second the process ends. */
export function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

/** Waits, or less long when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    if (signal.aborted) done();
    else signal.addEventListener("abort", done);
  });
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
