/** How a worker's requests reach its API: to the local engine as they are, to a deployment signed by whoever runs the worker. */
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Send } from "./report.ts";
import { regionOf, signed } from "./signed.ts";

/** STEPWELL_REGION is the region of an API that wants signatures; a function URL says it by itself. */
export function senderFor(endpoint: string, { STEPWELL_REGION }: NodeJS.ProcessEnv = process.env): Send {
  const region = STEPWELL_REGION ?? regionOf(endpoint);
  if (region === undefined) return fetch;
  // Credentials are found where SDKs look for them: every client does.
  const { credentials } = new SQSClient({ region }).config;
  return signed({ region, credentials });
}
