/** Answers to callbacks of people: a page that asks for confirmation, or one that says how it went. */
import type { TaskStatus } from "../../runtime/index.ts";
import type { ApiResponse } from "../answer.ts";
import { document, type Html, html, PAGE_HEADERS } from "./html.ts";
import { EXPIRED, type Outcome, refusalOfOutcome } from "./outcome.ts";
import type { CallbackRoute } from "./route.ts";

type Waiting = Extract<TaskStatus, { kind: "waiting" }>;

/** The page of an outcome; its HTTP status is that of the JSON answer. */
export function pageAnswer(requestId: string, route: CallbackRoute, outcome: Outcome): ApiResponse {
  const [status, title, content] = contentOf(route, outcome);
  const id = html`<p class="id">Request ${requestId}</p>`;
  return { status, headers: PAGE_HEADERS, body: document(title, html`<h1>${title}</h1>\n${content}\n${id}`) };
}

function contentOf(route: CallbackRoute, outcome: Outcome): readonly [status: number, title: string, content: Html] {
  switch (outcome.kind) {
    case "accepted":
      return [200, "Accepted", html`<p>${accepted(route)} You can close this page.</p>`];
    case "looked":
      return [200, ...lookedAt(route, outcome.status)];
    case "refused":
    case "wrongMethod":
    case "failed": {
      const { status, message } = refusalOfOutcome(outcome);
      if (outcome.kind === "refused") return [status, ...over(outcome.status)];
      // Of a fault of ours nobody can tell whether the report was taken.
      const next = status < 500 ? "Nothing was changed. Go back, correct it and send it again." : "";
      return [status, "Not accepted", html`<p>${message}</p><p>${next}</p>`];
    }
    default:
      return outcome satisfies never;
  }
}

function accepted({ verb }: CallbackRoute): string {
  if (verb === "failure") return "The failure was reported, and the flow goes on with it.";
  if (verb === "heartbeat") return "The task is known to be alive.";
  return "The task is completed, and the flow goes on.";
}

function lookedAt(route: CallbackRoute, status: Exclude<TaskStatus, { kind: "unknown" }>): readonly [string, Html] {
  const { flow, execution, kind } = status;
  const step = kind === "waiting" && status.step !== undefined ? html`<dt>Step</dt><dd>${status.step}</dd>` : "";
  const about = html`<dl><dt>Flow</dt><dd>${flow}</dd><dt>Execution</dt><dd>${execution}</dd>${step}</dl>`;
  if (kind === "waiting") return [title(route, status), html`${about}${forms(route)}`];
  const [title_, text] = over(status);
  return [title_, html`${text}${about}`];
}

function over(status: Exclude<TaskStatus, Waiting>): readonly [string, Html] {
  switch (status.kind) {
    case "unknown":
      return ["Unknown task", html`<p>There is no such task. Was the address copied whole?</p>`];
    case "completed":
      return ["Already completed", html`<p>This task was reported before. The first report counts.</p>`];
    case "expired":
      return ["Expired", html`<p>${EXPIRED[status.why]} A report would change nothing.</p>`];
    default:
      return status satisfies never;
  }
}

function title({ verb }: CallbackRoute, { step }: Waiting): string {
  const task = step === undefined ? "this task" : `“${step}”`;
  return verb === "failure" ? `Report a failure of ${task}?` : `Confirm ${task}?`;
}

/** At an address with a verb, the form of that one; at the task's own, both. */
function forms({ token = "", verb }: CallbackRoute): Html {
  // Relative, so that it holds behind any prefix. Only POST changes anything, and only a person presses.
  const base = verb === undefined ? `./${encodeURIComponent(token)}/` : "./";
  if (verb === "success") return success(base);
  if (verb === "failure") return failure(base);
  return html`${success(base)}<details><summary>Report a failure instead</summary>${failure(base)}</details>`;
}

function success(base: string): Html {
  return html`<form method="post" action="${base}success">
<button>Confirm</button>
<details><summary>With data</summary>
<label>JSON that the flow gets <textarea class="json" name="output" rows="4" autocomplete="off" spellcheck="false">{}</textarea></label>
</details>
</form>`;
}

function failure(base: string): Html {
  return html`<form method="post" action="${base}failure">
<label>Error, the name that the flow knows it by <input name="error" value="Rejected" required maxlength="128" autocomplete="off"></label>
<label>Cause, in your words <textarea name="cause" rows="3" maxlength="4096"></textarea></label>
<button class="stop">Report the failure</button>
</form>`;
}
