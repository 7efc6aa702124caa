/** The disk that forgets does: what a sync covers stays, all else goes with the power. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { dice } from "../../lib/sim/dice.ts";
import { canForget, type DiskOptions, type ForgetfulDisk, forgetfulDisk } from "./disk.ts";

const FIXTURE = fileURLToPath(new URL("./disk.fixture.ts", import.meta.url));

let disk: ForgetfulDisk | undefined;
afterEach(() => disk?.remove());

/** A disk with a file that says "old", and what one process did to it before it was killed. */
function diskAfter(deed: string, options?: DiskOptions): ForgetfulDisk {
  disk = forgetfulDisk(options);
  run({ ...disk, env: { ...disk.env, STEPWELL_POWER_LIE: "" } }, "prepare");
  disk.cut();
  run(disk, deed);
  return disk;
}

function run({ path, env }: ForgetfulDisk, deed: string): void {
  const { signal, stderr } = spawnSync(process.execPath, [FIXTURE, path, deed], { env: { ...process.env, ...env } });
  if (signal !== "SIGKILL") throw new Error(`${deed} failed: ${stderr}`);
}

function text({ path }: ForgetfulDisk, name = "file"): string | undefined {
  return existsSync(join(path, name)) ? readFileSync(join(path, name), "utf8") : undefined;
}

describe.skipIf(!canForget())("a power cut", () => {
  test("takes back what was written over, to the size that it had", () => {
    const after = diskAfter("overwrite");
    expect(text(after)).toBe("new and longer");
    expect(after.cut()).toEqual({ sectors: 1, names: 0 });
    expect(text(after)).toBe("old");
  });

  test("leaves what was synced", () => {
    const after = diskAfter("overwriteAndSync");
    after.cut();
    expect(text(after)).toBe("new");
  });

  test("takes back what was written after the sync alone", () => {
    const after = diskAfter("twice");
    after.cut();
    expect(text(after)).toBe("synced");
  });

  test("brings back what was cut off when a file was opened", () => {
    const after = diskAfter("replaceContent");
    expect(text(after)).toBe("n");
    after.cut();
    expect(text(after)).toBe("old");
  });

  test("leaves a write through a descriptor that syncs, and no other of that file", () => {
    const after = diskAfter("writeThrough");
    expect(text(after)?.slice(0, 3)).toBe("Nld");
    after.cut();
    expect(text(after)).toBe(`old${"\0".repeat(509)}through`);
  });

  test("takes a new file whose folder was not synced, though the file was", () => {
    const after = diskAfter("createUnnamed");
    after.cut();
    expect(text(after, "other")).toBeUndefined();
  });

  test("leaves a new file that was synced with its folder", () => {
    const after = diskAfter("createNamed");
    after.cut();
    expect(text(after, "other")).toBe("content");
  });

  test("takes a rename back, with what it replaced", () => {
    const after = diskAfter("rename");
    expect([text(after), text(after, "other")]).toEqual(["content", undefined]);
    after.cut();
    expect([text(after), text(after, "other")]).toEqual(["old", "content"]);
  });

  test("brings a removed file back", () => {
    const after = diskAfter("remove");
    expect(text(after)).toBeUndefined();
    after.cut();
    expect(text(after)).toBe("old");
  });

  test("takes a new folder, with all that is in it", () => {
    const after = diskAfter("makeFolder");
    expect(text(after, "inner/file")).toBe("content");
    after.cut();
    expect(existsSync(join(after.path, "inner"))).toBe(false);
  });

  test("takes what an earlier process has written and not synced", () => {
    const after = diskAfter("overwrite");
    after.goOn();
    run(after, "createNamed");
    after.cut();
    expect([text(after), text(after, "other")]).toEqual(["old", "content"]);
  });

  test("leaves what an earlier process has written and a later one synced", () => {
    const after = diskAfter("overwrite");
    after.goOn();
    run(after, "syncOnly");
    after.cut();
    expect(text(after)).toBe("new and longer");
  });

  test("with dice takes some sectors and leaves others, and tears pages", () => {
    const after = diskAfter("pages");
    after.cut(dice(7));
    const sectors = (text(after) ?? "").match(/.{512}/g) ?? [];
    const pages = Array.from({ length: 16 }, (_, page) => new Set(sectors.slice(page * 8, page * 8 + 8)));
    expect(new Set(sectors)).toEqual(new Set(["o".repeat(512), "n".repeat(512)]));
    expect(pages.map(({ size }) => size)).toContain(2);
  });

  test("takes what was synced, where the disk lies about it", () => {
    const after = diskAfter("overwriteAndSync", { lies: ["fsync"] });
    expect(text(after)).toBe("new");
    after.cut();
    expect(text(after)).toBe("old");
  });
});
