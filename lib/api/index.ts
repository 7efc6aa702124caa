/** The API's public surface. */
export type { ApiResponse } from "./answer.ts";
export { type ApiOptions, createApi } from "./api.ts";
export type { ApiRequest } from "./params.ts";
