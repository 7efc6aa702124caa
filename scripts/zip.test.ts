import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { zip } from "./zip.ts";

const READ = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(json.dumps({i.filename: [archive.read(i).decode(), oct(i.external_attr >> 16)] for i in archive.infolist()}))
`;

test("another program reads the archive's files, with their contents, names and modes", async () => {
  const directory = await mkdtemp(join(tmpdir(), "stepwell-zip-"));
  try {
    const path = join(directory, "code.zip");
    const long = "export const text = 'ö';\n".repeat(10_000);
    await writeFile(path, zip({ "index.mjs": "export {};\n", "lib/流程.mjs": long, empty: "" }));
    const { stdout } = await promisify(execFile)("python3", ["-c", READ, path], { maxBuffer: 10_000_000 });
    expect(JSON.parse(stdout)).toEqual({
      "index.mjs": ["export {};\n", "0o100644"],
      "lib/流程.mjs": [long, "0o100644"],
      empty: ["", "0o100644"],
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});
