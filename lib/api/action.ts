/** Actions: the parameters that one has, and what it does with them. Parameters are read here; past here they are right. */

import type { Runtime } from "../runtime/index.ts";
import type { ExecutionRef, Header } from "../runtime/ports/journal.ts";
import type { Fields } from "./answer.ts";
import type { HistoryPages } from "./history-pages.ts";
import type { Parameter } from "./parameter.ts";
import type { Params } from "./params.ts";

/** What actions work with. */
export interface Context {
  readonly runtime: Runtime;
  /** Resolves with the header when the execution has ended; rejects with the signal's reason when that aborts. */
  readonly ended: (ref: ExecutionRef, startId: string, signal: AbortSignal) => Promise<Header>;
  readonly histories: HistoryPages;
}

export interface Action {
  /** Answers with the fields of the response. Throws StepwellError. Ends early when `signal` aborts, with what there is. */
  readonly perform: (context: Context, params: Params, signal: AbortSignal) => Promise<Fields>;
}

interface Declared {
  readonly [name: string]: Parameter<unknown>;
}

/** The values of declared parameters. */
type Values<P extends Declared> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** An action with those parameters; others that a request has are passed over. */
export function action<P extends Declared>(
  declared: P,
  perform: (context: Context, values: Values<P>, signal: AbortSignal) => Promise<Fields>,
): Action {
  const parameters = Object.entries(declared);
  return {
    async perform(context, params, signal) {
      const values: { [name: string]: unknown } = {};
      for (const [name, { read }] of parameters) values[name] = read(params.get(name), name);
      return perform(context, values as Values<P>, signal);
    },
  };
}
