/**
 * The contract of the access port.
 *
 *     accessContract("memory", async () => ({ access: memoryAccess(), close: async () => {} }));
 */
import { afterEach, beforeEach, describe } from "vitest";
import type { Access } from "../../lib/runtime/ports/access.ts";
import { accessKeysContract } from "./access/keys.ts";
import { noncesContract } from "./access/nonces.ts";

export interface AccessUnderTest {
  /** Empty. */
  readonly access: Access;
  close(): Promise<void>;
}

/** Registers the suite. `makeAccess` is called for each test. */
export function accessContract(name: string, makeAccess: () => Promise<AccessUnderTest>): void {
  describe(`access contract: ${name}`, () => {
    let made: AccessUnderTest;
    beforeEach(async () => {
      made = await makeAccess();
    });
    afterEach(() => made.close());

    const access = () => made.access;
    accessKeysContract(access);
    noncesContract(access);
  });
}
