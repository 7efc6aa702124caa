/** What a client waits for who starts one execution, or looks at one: one call after another, nothing else going on. */
import { median } from "./statistics.ts";
import type { Stepwell } from "./stepwell.ts";

export interface Latencies {
  /** Median of StartExecution, ms. */
  readonly start: number;
  /** Median of DescribeExecution of an ended execution, ms. */
  readonly describe: number;
}

/** Measures servers in turn, call by call, so that whatever the machine does meets them alike. */
export async function latencies(servers: readonly Stepwell[], count: number): Promise<readonly Latencies[]> {
  const samples = servers.map((server) => ({ server, start: [] as number[], describe: [] as number[] }));
  const prefix = `latency-${Date.now().toString(36)}`;
  for (let i = 0; i < count; i++) {
    const key = `${prefix}-${i}`;
    for (const { server, start, describe } of samples) {
      start.push(await timed(() => server.startFlow("w1", key)));
      await server.describe("w1", key, 60);
      describe.push(await timed(() => server.describe("w1", key, 0)));
    }
  }
  return samples.map(({ start, describe }) => ({ start: median(start), describe: median(describe) }));
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
