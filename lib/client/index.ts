/** The typed client of the API. */
export type { CallOptions } from "./call.ts";
export { type StepwellClient, stepwellClient } from "./client.ts";
export { type ClientCode, StepwellApiError } from "./errors.ts";
export type { ClientOptions } from "./options.ts";
export type * from "./types.ts";
export type { WaitOptions } from "./wait.ts";
