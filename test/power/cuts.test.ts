/** Power cuts lose nothing, and the rounds that say so would see it: a disk that lies, and a server that answers too early, are found. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleServer, type ServerBundle } from "../chaos/server-bundle.ts";
import { runCuts } from "./cuts.ts";
import { canForget } from "./disk.ts";

/** More than enough: each sabotage shows in one of the first few. */
const ROUNDS = 40;

describe.skipIf(!canForget())("a server whose power is cut", { timeout: 120_000 }, () => {
  let bundle: ServerBundle;
  beforeAll(async () => {
    bundle = await bundleServer();
  });
  afterAll(() => bundle.remove());

  test("has lost nothing that it acknowledged, and its store is in order", async () => {
    const { rounds, acknowledgements, biting, losses, violations } = await runCuts({
      program: bundle.program,
      seed: 1,
      rounds: 8,
    });
    expect([...losses, ...violations]).toEqual([]);
    expect(rounds).toBe(8);
    expect(acknowledgements).toBeGreaterThan(50);
    expect(biting).toBeGreaterThan(0);
  });

  test.each(["fdatasync", "fsync", "dsync"] as const)("is seen to lose on a disk that lies about %s", async (lie) => {
    const ran = await runCuts({ program: bundle.program, seed: 1, rounds: ROUNDS, lies: [lie] });
    expect(ran.lost).toBeGreaterThan(0);
  });

  test("is seen to lose when it answers before it is on disk", async () => {
    const ran = await runCuts({
      program: bundle.program,
      seed: 1,
      rounds: ROUNDS,
      syncMicros: 50_000,
      unsettled: true,
    });
    expect(ran.lost).toBeGreaterThan(0);
  });
});
