/** Invoked by the dead-letter queue: sends its messages back, or parks them. */
import middy from "@middy/core";
import { reviveBatch } from "../lib/aws/deployment/dead-letters.ts";
import type { SqsEvent } from "../lib/aws/deployment/invocation.ts";
import { openDeployment } from "../lib/aws/deployment/ports.ts";

const deployment = openDeployment(process.env);

export const handler = middy((event: SqsEvent) => reviveBatch(deployment, event));
