/** An environment for single transitions. */
import type { Env } from "../index.ts";

export const env: Env = { token: () => "token", maxDataBytes: 50_000_000 };
