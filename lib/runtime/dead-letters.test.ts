import { expect, it } from "vitest";
import { resume, revive } from "./dead-letters.ts";
import { decode, encode } from "./message.ts";
import { sweep } from "./sweep.ts";
import { BEGINNING, world } from "./testing/world.ts";

const wait = "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: w, duration: 60}";
const DAY = 86_400_000;

async function dead(ageMs: number, deaths?: number) {
  const w = await world({ flows: { wait } });
  const { ref, startId, flow, revision, keyId } = await w.start("wait");
  await w.workUntil(async () => (await w.plain.journal.readTip(startId, "")) !== undefined);
  const sent: { body: string; delaySeconds?: number; alone?: boolean }[] = [];
  const queue = { ...w.queue, send: async (body: string, options = {}) => void sent.push({ body, ...options }) };
  const runtime = { ...w.runtime, ports: { ...w.runtime.ports, queue } };
  const body = encode({
    kind: "join",
    ref,
    startId,
    flow,
    revision,
    keyId,
    branch: "",
    seq: 0,
    sentAt: w.clock.now() - ageMs,
    ...(deaths ? { deaths } : {}),
  });
  return { ...w, runtime, honest: w.runtime, sent, body, header: { ref, startId } };
}

it.each([
  [undefined, 1, 10],
  [1, 2, 20],
  [5, 6, 320],
  [12, 13, 900],
])(
  "sends a message that died %s times back, alone, counted as %s, after %s s",
  async (before, deaths, delaySeconds) => {
    const { runtime, body, sent } = await dead(1_000, before);
    expect(await revive(runtime, body)).toBe("sent");
    expect(sent).toMatchObject([{ alone: true, delaySeconds }]);
    expect(decode(sent[0]?.body ?? "")).toEqual({ ...decode(body), deaths });
  },
);

it("parks a message that is a day old, and its execution, for an operator", async () => {
  const { runtime, honest, body, sent, header, plain, clock } = await dead(DAY + 1);
  expect(await revive(runtime, body)).toBe("parked");
  expect(sent).toEqual([]);
  expect(await plain.journal.readHeader(header.ref)).toMatchObject({ parked: true, status: "Running" });
  await clock.pass(3_600_000);
  expect((await sweep(honest)).sent).toEqual({});
});

it("counts the day of a timer's message from when it was due, however long ago it was sent", async () => {
  const { runtime, body, sent, clock } = await dead(60 * DAY);
  const late = encode({ ...decode(body), notBefore: clock.now() - DAY + 1 });
  expect(await revive(runtime, late)).toBe("sent");
  expect(sent).toHaveLength(1);
  await clock.pass(2);
  expect(await revive(runtime, late)).toBe("parked");
});

it("sends parked messages again as new ones when the operator says so", async () => {
  const { runtime, body, sent, header, plain, clock } = await dead(DAY + 1, 40);
  await revive(runtime, body);
  expect(await resume(runtime, header.ref, header.startId)).toBe(1);
  const message = decode(sent[0]?.body ?? "");
  expect(message).toMatchObject({ kind: "join", sentAt: clock.now() });
  expect(message.deaths).toBeUndefined();
  expect((await plain.journal.readHeader(header.ref))?.parked ?? false).toBe(false);
  expect(await resume(runtime, header.ref, header.startId)).toBe(0);
});

it("never fails an execution: it ends rightly when its worker can work again", async () => {
  const w = await world({ flows: { wait } });
  const header = await w.start("wait");
  const [delivery] = await w.queue.receive(1, new AbortController().signal);
  await revive(w.runtime, delivery?.body ?? "");
  await delivery?.consume();
  expect(await w.settled(header)).toMatchObject({ status: "Succeeded", endedAt: BEGINNING + 70_000 });
});
