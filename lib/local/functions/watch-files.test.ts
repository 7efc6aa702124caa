import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { heard, written } from "./calling.fixture.ts";
import { fileStamp } from "./file-stamp.ts";
import { type FileWatch, watchFiles } from "./watch-files.ts";

let open: FileWatch | undefined;
afterEach(() => open?.close());

/** Watches these files of a new folder; tells what changed as text. */
function watching(files: { readonly [name: string]: string }, ...more: readonly string[]) {
  const folder = dirname(written({ root: "", ...files }));
  const { say, next } = heard();
  const watch = watchFiles({
    onChange: (paths) => say(paths.map((path) => path.slice(folder.length + 1)).join(" ")),
    onProblem: (error) => say(error.message),
  });
  open = watch;
  for (const name of [...Object.keys(files), ...more]) watch.add(join(folder, name), fileStamp(join(folder, name)));
  return { folder, next, watch };
}

describe("a file that is watched", () => {
  test.each<[string, (path: string) => void]>([
    ["written", (path) => writeFileSync(path, "more")],
    ["removed", (path) => rmSync(path)],
    [
      "replaced by another",
      (path) => {
        writeFileSync(`${path}~`, "new");
        renameSync(`${path}~`, path);
      },
    ],
  ])("is told when it is %s", async (_how, change) => {
    const { folder, next } = watching({ "a.mjs": "" });
    change(join(folder, "a.mjs"));
    expect(await next()).toBe("a.mjs");
  });

  test("and that changed between being read and being watched is told", async () => {
    const { folder, next, watch } = watching({ "a.mjs": "", "b.mjs": "" });
    const stamp = fileStamp(join(folder, "b.mjs"));
    utimesSync(join(folder, "b.mjs"), 1, 1);
    watch.add(join(folder, "b.mjs"), stamp);
    expect(await next()).toBe("b.mjs");
  });

  test("and that is not there yet, nor its folders, is told when it comes", async () => {
    const { folder, next } = watching({ "a.mjs": "" }, "lib/deep/b.mjs");
    mkdirSync(join(folder, "lib/deep"), { recursive: true });
    writeFileSync(join(folder, "lib/deep/b.mjs"), "");
    expect(await next()).toBe("lib/deep/b.mjs");
  });

  test("and whose folder comes long before it is told", async () => {
    const { folder, next } = watching({ "a.mjs": "" }, "lib/deep/b.mjs");
    mkdirSync(join(folder, "lib/deep"), { recursive: true });
    writeFileSync(join(folder, "a.mjs"), "so that the folder has been seen");
    expect(await next()).toBe("a.mjs");
    writeFileSync(join(folder, "lib/deep/b.mjs"), "");
    expect(await next()).toBe("lib/deep/b.mjs");
  });

  test("is told when its folder goes, comes again, and when it changes in the new one", async () => {
    const { folder, next } = watching({ "lib/a.mjs": "" });
    const lib = join(folder, "lib");
    rmSync(lib, { recursive: true });
    expect(await next()).toBe("lib/a.mjs");
    mkdirSync(lib);
    writeFileSync(join(lib, "a.mjs"), "again");
    expect(await next()).toBe("lib/a.mjs");
    writeFileSync(join(lib, "a.mjs"), "and again");
    expect(await next()).toBe("lib/a.mjs");
  });

  test("is not told when only its neighbours change, or when it is not kept", async () => {
    const { folder, next, watch } = watching({ "a.mjs": "", "b.mjs": "", "lib/c.mjs": "" });
    watch.keep(new Set([join(folder, "b.mjs")]));
    writeFileSync(join(folder, "neighbour"), "");
    writeFileSync(join(folder, "lib/c.mjs"), "changed");
    writeFileSync(join(folder, "a.mjs"), "changed");
    writeFileSync(join(folder, "b.mjs"), "changed");
    expect(await next()).toBe("b.mjs");
  });
});
