/** Invoked by the function URL: the API. */
import middy from "@middy/core";
import { createApi } from "../lib/api/index.ts";
import { awaitEnd } from "../lib/aws/deployment/await-end.ts";
import { serveUrl, type UrlEvent } from "../lib/aws/deployment/function-url.ts";
import type { Invocation } from "../lib/aws/deployment/invocation.ts";
import { openDeployment } from "../lib/aws/deployment/ports.ts";

const { runtime } = openDeployment(process.env);

const api = createApi({
  runtime,
  ended: (ref, startId, signal) => awaitEnd(runtime.ports, ref, startId, signal),
  // Every write is durable when its port says so.
  settled: async () => {},
  onError: (error) => console.error(error),
});

export const handler = middy((event: UrlEvent, invocation: Invocation) => serveUrl(api, event, invocation));
