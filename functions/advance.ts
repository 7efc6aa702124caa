/** Invoked by the queues of transitions: applies each message's event. */
import middy from "@middy/core";
import { handleBatch } from "../lib/aws/deployment/batch.ts";
import type { Invocation, SqsEvent } from "../lib/aws/deployment/invocation.ts";
import { openDeployment } from "../lib/aws/deployment/ports.ts";

const deployment = openDeployment(process.env);

export const handler = middy((event: SqsEvent, invocation: Invocation) => handleBatch(deployment, event, invocation));
