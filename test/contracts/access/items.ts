/** Access keys for the contract, each complete but for what its test is about. */
import { randomUUID } from "node:crypto";
import type { AccessKey, SealedSecret } from "../../../lib/runtime/ports/access.ts";

/** Opaque to adapters, so any text will do; another one each time, as a sealing gives. */
export function anySealed(): SealedSecret {
  return `sealed ${randomUUID()}` as SealedSecret;
}

export function accessKey(overrides: Partial<AccessKey> = {}): AccessKey {
  return {
    id: `STEP${randomUUID()}`,
    sealedSecret: anySealed(),
    role: "operator",
    enabled: true,
    createdAt: 1_700_000_000_000,
    description: "the shop's back office",
    ...overrides,
  };
}
