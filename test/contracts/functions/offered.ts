/**
 * The functions that an adapter under test offers, by these names. No imports at run time, so that a functions module of
 * its own or a Lambda can have them too.
 */
import type { Json } from "../../../lib/fdl/json.ts";
import type { AttemptContext } from "../../../lib/runtime/ports/functions.ts";

/** The attempt itself, or Lambda's context, whose callers put it there. */
type Context = AttemptContext | { readonly clientContext: { readonly custom: AttemptContext } };

class CardDeclined extends Error {}

export const offered = {
  "shop/pay": () => "paid",
  "shop-refund": () => "refunded",
  echo: (event: Json) => event,
  attempt: (_event: Json, context: Context) => ({
    ...("clientContext" in context ? context.clientContext.custom : context),
  }),
  nothing: () => undefined,
  text: () => '{"n":1}',
  declines: () => {
    throw new CardDeclined("no funds");
  },
  never: () => new Promise<never>(() => {}),
} as const;
