import { expect, test } from "vitest";
import { accessContract } from "../../test/contracts/access.ts";
import { memoryAccess } from "./access.ts";

accessContract("memory", async () => ({ access: memoryAccess(), close: async () => {} }));

test("a nonce that another took the place of when it had expired is not forgotten at the first one's time", async () => {
  const access = memoryAccess();
  const use = (now: number, until: number) => access.useNonce({ keyId: "k", nonce: "n", now, until });
  expect(await use(0, 10)).toBe(true);
  expect(await use(10, 30)).toBe(true);
  expect(await use(20, 40)).toBe(false);
});
