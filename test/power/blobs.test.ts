/** A blob that was put is on disk, whoever wrote its file. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readBlobs } from "../../lib/local/store/blobs.ts";
import { canForget, type ForgetfulDisk, forgetfulDisk } from "./disk.ts";

const FIXTURE = fileURLToPath(new URL("./blobs.fixture.ts", import.meta.url));
const TEXT = "a large value";

describe.skipIf(!canForget())("a blob", () => {
  let disk: ForgetfulDisk;
  beforeEach(() => {
    disk = forgetfulDisk();
  });
  afterEach(() => disk.remove());

  function put(env: Readonly<Record<string, string>> = {}): void {
    const { stdout } = spawnSync(process.execPath, [FIXTURE, disk.path, TEXT], {
      env: { ...process.env, ...disk.env, ...env },
    });
    expect(String(stdout)).toBe("put\n");
  }

  const stored = () => readBlobs(join(disk.path, "blobs")).get(createHash("sha256").update(TEXT).digest("hex"));

  test("that was put in a new store outlasts a power cut", async () => {
    put();
    disk.cut();
    expect(await stored()).toBe(TEXT);
  });

  test("whose file was found, not yet on disk since its writer was killed, outlasts a power cut once it is put again", async () => {
    put({ STEPWELL_POWER_LIE: "fsync" });
    disk.goOn();
    put();
    disk.cut();
    expect(await stored()).toBe(TEXT);
  });
});
