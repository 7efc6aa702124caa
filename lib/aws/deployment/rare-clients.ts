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
import type { Clients, RareOptions } from "./rare-ports.ts";

export function openBlobs(bucket: string, clients: Clients): Blobs {
  const client = new S3Client(clients.settings("S3"));
  clients.made(client);
  return s3Blobs({ client, bucket });
}

export function openTimers({ settings, clients, queue, blobs, clock }: RareOptions): Timers {
  const { timerGroup: group, transitionsArn: targetArn, timerRoleArn: roleArn } = settings;
  const client = new SchedulerClient(clients.settings("Scheduler"));
  clients.made(client);
  return schedulerTimers({ client, group, targetArn, roleArn, queue, clock, blobs });
}

export function openDestinations({ settings: { account }, clients, sqs }: RareOptions): Destinations {
  const sns = new SNSClient(clients.settings("SNS"));
  clients.made(sns);
  return awsDestinations({ sns, sqs, account });
}
