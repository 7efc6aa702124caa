/** Clients that rare-ports.ts loads on demand, with the ports over them. */
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import type { Blobs } from "../../runtime/ports/blobs.ts";
import type { Destinations } from "../../runtime/ports/destinations.ts";
import type { Timers } from "../../runtime/ports/timers.ts";
import { s3Blobs } from "../blobs.ts";
import { awsDestinations } from "../destinations.ts";
import { schedulerTimers } from "../timers.ts";
import type { RareOptions } from "./rare-ports.ts";

export function openBlobs(bucket: string): Blobs {
  return s3Blobs({ client: new S3Client(), bucket });
}

export function openTimers({ settings, queue, blobs, clock }: RareOptions): Timers {
  const { timerGroup: group, transitionsArn: targetArn, timerRoleArn: roleArn } = settings;
  return schedulerTimers({ client: new SchedulerClient(), group, targetArn, roleArn, queue, clock, blobs });
}

export function openDestinations({ settings: { account }, sqs }: RareOptions): Destinations {
  return awsDestinations({ sns: new SNSClient(), sqs, account });
}
