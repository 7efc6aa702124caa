/** Local topics in a directory of their own, with an SDK's clients, for tests. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "../../../memory/system-clock.ts";
import type { AttemptContext } from "../../../runtime/ports/functions.ts";
import { type LocalTopics, type LocalTopicsOptions, localTopics } from "../local-topics.ts";

export interface TestedTopics extends AsyncDisposable {
  readonly topics: LocalTopics;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  /** What was logged. */
  readonly lines: readonly string[];
  readonly dataDir: string;
}

/** What an SDK needs to reach an endpoint, and nothing else. */
export function sdkSettings(endpoint: string) {
  return { endpoint, region: "eu-west-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}

/** Opens them; they, and the directory unless it was given, are gone at the end of the `await using` block. */
export async function testedTopics(options: Partial<LocalTopicsOptions> = {}): Promise<TestedTopics> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "stepwell-topics-")));
  const remove = async () => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true });
  };
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  let topics: LocalTopics;
  try {
    topics = await localTopics({ functions: () => undefined, clock: systemClock(), log, ...options, dataDir });
  } catch (error) {
    await remove();
    throw error;
  }
  const sqs = new SQSClient(sdkSettings(topics.endpoint));
  const sns = new SNSClient(sdkSettings(topics.endpoint));
  return {
    topics,
    sqs,
    sns,
    lines,
    dataDir,
    async [Symbol.asyncDispose]() {
      sqs.destroy();
      sns.destroy();
      await topics.close();
      await remove();
    },
  };
}

export const CONTEXT: AttemptContext = {
  attemptId: "start-1..3",
  flow: "orders",
  execution: "run-1",
  step: "notify",
  retryCount: 0,
};
