/** Whoever finishes the task, given the output of its TaskSubmitted event. */

export interface Report {
  readonly taskToken: string;
  readonly output: { readonly status: string };
}

/** What to report for a submitted task. */
export function finish({ taskToken }: { readonly taskToken: string }): Report {
  return { taskToken, output: { status: "ok" } };
}
