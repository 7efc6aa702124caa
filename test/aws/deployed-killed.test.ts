/** Lambda workers that are killed in the middle of a flow: its message comes back when its visibility ends, and the flow ends right. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployed, deploy } from "./deployed.ts";
import { type Ministack, ministack } from "./ministack.ts";

/** Asks the test, and answers when the test does. */
const CODE = `
export async function handler({ step }, { clientContext }) {
  const answer = await fetch(process.env.BELL, { method: "POST", body: JSON.stringify({ step, attempt: clientContext.custom.attemptId }) });
  return answer.json();
}
`;

const step = (name: string) => `
  - type: task
    name: ${name}
    resourceArn: acs:fc:::services/shop/functions/ring
    inputMappings:
      - target: step
        source: $context.step.name`;

const FLOW = `
version: v1
type: flow
steps:${["First", "Second", "Third"].map(step).join("")}
`;

interface Ring {
  readonly step: string;
  /** The attempt's id. */
  readonly attempt: string;
}

let emulator: Ministack;
let deployed: Deployed;
let bell: Server;
const rings: Ring[] = [];
let onRing: (ring: Ring, answer: () => void) => void;

beforeAll(async () => {
  bell = createServer(async (request, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const ring = JSON.parse(Buffer.concat(chunks).toString()) as Ring;
    rings.push(ring);
    onRing(ring, () => response.end("{}"));
  });
  await new Promise<void>((resolve) => bell.listen(0, "127.0.0.1", resolve));
  emulator = await ministack();
  deployed = await deploy(emulator.endpoint, { visibilitySeconds: 12 });
  const { port } = bell.address() as AddressInfo;
  await deployed.taskFunction("shop-ring", CODE, { BELL: `http://127.0.0.1:${port}/` });
}, 120_000);

afterAll(async () => {
  bell?.closeAllConnections();
  await new Promise((resolve) => bell?.close(resolve) ?? resolve(undefined));
  await deployed?.stop();
  await emulator?.stop();
});

test("a flow whose worker is killed while its task runs goes on: that attempt runs again under its own id, no other does", async () => {
  const killed: number[] = [];
  onRing = async (ring, answer) => {
    if (ring.step === "Second" && killed.length === 0) {
      killed.push(...(await deployed.workers("advance")));
      for (const pid of killed) process.kill(pid, "SIGKILL");
    }
    answer();
  };
  await deployed.createFlow("bells", FLOW);
  const started = performance.now();
  await deployed.call("StartExecution", { FlowName: "bells", ExecutionName: "run-1" });
  expect(await deployed.ended("bells", "run-1")).toMatchObject({ Status: "Succeeded" });
  expect(killed.length).toBeGreaterThan(0);
  expect(rings.map((ring) => ring.step)).toEqual(["First", "Second", "Second", "Third"]);
  expect(new Set(rings.map(({ attempt }) => attempt)).size).toBe(3);
  // As long as the visibility that the handler gave its batch, not as the queue's own of 15 minutes.
  expect(performance.now() - started).toBeLessThan(60_000);
  const { body } = await deployed.call("GetExecutionHistory", { FlowName: "bells", ExecutionName: "run-1" });
  const tasks = (body.Events as { readonly Type: string }[]).filter(({ Type }) => Type === "TaskSucceeded");
  expect(tasks).toHaveLength(3);
}, 150_000);
