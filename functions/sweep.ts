/** Invoked by a schedule, and by itself: sends again what was lost. */
import middy from "@middy/core";
import type { Invocation } from "../lib/aws/deployment/invocation.ts";
import { openDeployment } from "../lib/aws/deployment/ports.ts";
import { type SweepEvent, sweepAll } from "../lib/aws/deployment/sweep-all.ts";

const deployment = openDeployment(process.env);

export const handler = middy((event: SweepEvent, invocation: Invocation) => sweepAll(deployment, event, invocation));
