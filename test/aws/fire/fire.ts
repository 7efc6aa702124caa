/** How much goes wrong under fire: about one request in twelve does not do what it should, one message in five comes twice, late or out of order. */
import type { Rates } from "./fault-proxy.ts";

export const FIRE: Rates = {
  delayed: 0.1,
  throttled: 0.02,
  failed: 0.01,
  dropped: 0.02,
  copied: 0.1,
  reordered: 0.1,
};
