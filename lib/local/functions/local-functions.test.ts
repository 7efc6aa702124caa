import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONTEXT, calling, failed, heard, local } from "./calling.fixture.ts";
import type { ConsoleLine } from "./child-functions.ts";

const MODULE = { "functions.mjs": 'import { text } from "./lib/text.mjs";\nexport default { say: () => text };' };
const TEXT = { "lib/text.mjs": 'export const text = "old";' };

describe("reloading", () => {
  test("new attempts run the changed code, and it is said what was reloaded", async () => {
    const { say, next } = heard();
    const own = local({ ...MODULE, ...TEXT }, { watch: true, onReload: say });
    expect(await own.invoke(calling("say"))).toEqual({ kind: "succeeded", output: "old" });
    writeFileSync(own.path, 'import { text } from "./lib/text.mjs";\nexport default { say: () => "new " + text };');
    expect(await next()).toBe("functions.mjs changed: functions reloaded");
    expect(await own.invoke(calling("say"))).toEqual({ kind: "succeeded", output: "new old" });
  });

  test("a file that the module imports counts, and a burst of changes is one reload", async () => {
    const { say, next } = heard();
    const own = local({ ...MODULE, ...TEXT }, { watch: true, onReload: say });
    await own.problem();
    const folder = dirname(own.path);
    for (let n = 0; n < 20; n++) writeFileSync(join(folder, "lib/text.mjs"), `export const text = "new ${n}";`);
    writeFileSync(
      own.path,
      'import { text } from "./lib/text.mjs";\nexport default { say: () => text, more: () => 1 };',
    );
    expect(await next()).toBe("functions.mjs, lib/text.mjs changed: functions reloaded");
    expect(await own.invoke(calling("say"))).toEqual({ kind: "succeeded", output: "new 19" });
    expect(own.names()).toEqual(["say", "more"]);
    writeFileSync(join(folder, "lib/text.mjs"), 'export const text = "again";');
    expect(await next()).toBe("lib/text.mjs changed: functions reloaded");
  });

  test("an attempt that runs ends on the code that it began on", async () => {
    const { say, next } = heard();
    const source = (text: string) =>
      `import { existsSync, watch } from "node:fs";
       export default { waits: ({ file, folder }) => new Promise((resolve) => {
         console.log("waiting");
         const look = () => existsSync(file) && resolve("${text}");
         watch(folder, look);
         look();
       }) };`;
    const lines: ConsoleLine[] = [];
    const printed = heard();
    const own = local(
      { "functions.mjs": source("old"), "signs/README": "" },
      {
        watch: true,
        onReload: say,
        onConsole(line) {
          lines.push(line);
          printed.say(line.text);
        },
      },
    );
    const folder = join(dirname(own.path), "signs");
    const file = join(folder, "go");
    const running = own.invoke(calling("waits", { file, folder }));
    await printed.next();
    writeFileSync(own.path, source("new"));
    await next();
    const later = own.invoke(calling("waits", { file, folder }));
    await printed.next();
    writeFileSync(file, "");
    expect(await running).toEqual({ kind: "succeeded", output: "old" });
    expect(await later).toEqual({ kind: "succeeded", output: "new" });
    const { flow, execution } = CONTEXT;
    expect(lines).toContainEqual({ stream: "stdout", text: "waiting", function: "waits", flow, execution });
  });

  test("a change that cannot be loaded keeps the old code and says why; the next one that can is taken", async () => {
    const { say, next } = heard();
    const own = local({ ...MODULE, ...TEXT }, { watch: true, onReload: say });
    await own.problem();
    const text = join(dirname(own.path), "lib/text.mjs");
    writeFileSync(text, "export const text = ;");
    expect(await next()).toMatch(
      /^lib\/text\.mjs changed, but the code from before still runs: .*text\.mjs:1: SyntaxError/,
    );
    expect(await own.problem()).toBeUndefined();
    expect(await own.invoke(calling("say"))).toEqual({ kind: "succeeded", output: "old" });
    writeFileSync(text, 'export const text = "repaired";');
    await next();
    expect(await own.invoke(calling("say"))).toEqual({ kind: "succeeded", output: "repaired" });
  });

  test("a file that was missing from the beginning repairs the functions when it comes", async () => {
    const { say, next } = heard();
    const own = local(MODULE, { watch: true, onReload: say });
    expect((await own.problem())?.errorMessage).toContain("Cannot find module");
    expect(failed(await own.invoke(calling("say"))).error).toBe("FC.Unknown");
    mkdirSync(join(dirname(own.path), "lib"));
    writeFileSync(join(dirname(own.path), "lib/text.mjs"), 'export const text = "here";');
    let text = await next();
    // The folder may be seen before the file in it.
    while (!text.endsWith("functions reloaded")) text = await next();
    expect(await own.invoke(calling("say"))).toEqual({ kind: "succeeded", output: "here" });
    expect(await own.problem()).toBeUndefined();
  });

  test("a module that goes away keeps its code", async () => {
    const { say, next } = heard();
    const own = local({ ...MODULE, ...TEXT }, { watch: true, onReload: say });
    await own.problem();
    rmSync(own.path);
    expect(await next()).toMatch(/^functions\.mjs changed, but the code from before still runs: .*Cannot find module/);
    expect(await own.invoke(calling("say"))).toEqual({ kind: "succeeded", output: "old" });
  });

  test("without watch nothing is reloaded: closing at once is quiet", async () => {
    const own = local({ ...MODULE, ...TEXT });
    await own.close();
    await expect(own.invoke(calling("say"))).rejects.toThrow("closed");
  });
});

describe("versions and aliases of a module", () => {
  const files = {
    "functions.mjs": `
      const code = (text) => (_event, context) => [text, context.functionVersion];
      export default {
        "shop/pay": code("newest"), "shop.1/pay": code("one"), "shop.2/pay": code("two"),
        "hello": code("hello"), "hello:7": code("hello 7"), "free": code("free"),
      };
      export const aliases = { "shop/pay": { online: "1", lost: "9" } };
    `,
  };

  test.each([
    [undefined, ["newest", "$LATEST"]],
    ["LATEST", ["newest", "$LATEST"]],
    ["2", ["two", "2"]],
    ["online", ["one", "1"]],
  ])("qualifier %s", async (qualifier, output) => {
    const own = local(files);
    const resource = { kind: "fc", service: "shop", function: "pay", region: "", account: "" } as const;
    const qualified = qualifier === undefined ? resource : { ...resource, qualifier };
    expect(await own.invoke({ ...calling(""), resource: qualified })).toEqual({ kind: "succeeded", output });
  });

  test("an alias resolves to its version; a version and an unknown qualifier do not", async () => {
    const own = local(files);
    const resolve = (qualifier: string) =>
      own.resolveAlias({ kind: "fc", service: "shop", function: "pay", qualifier, region: "", account: "" });
    expect([await resolve("online"), await resolve("1"), await resolve("nothing")]).toEqual([
      "1",
      undefined,
      undefined,
    ]);
  });

  test("a qualifier that is neither is FC.FunctionNotFound where there are versions, else the function itself", async () => {
    const own = local(files);
    const invoke = (name: string, qualifier: string) => {
      const { resource, ...rest } = calling(name);
      return own.invoke({ ...rest, resource: { ...resource, qualifier } });
    };
    const unknown = failed(await invoke("hello", "8"));
    expect(unknown).toMatchObject({
      error: "FC.FunctionNotFound",
      errorMessage: "Function not found: hello:8. The versions of hello are: 7; its aliases: none.",
    });
    const service = { kind: "fc", service: "shop", function: "pay", region: "", account: "" } as const;
    const lost = failed(await own.invoke({ ...calling(""), resource: { ...service, qualifier: "lost" } }));
    expect(lost.errorMessage).toBe(
      "Function not found: shop-pay:9, which the alias lost stands for. The versions of shop-pay are: 1, 2; its aliases: online, lost.",
    );
    expect(await invoke("free", "8")).toMatchObject({ kind: "succeeded", output: ["free", "8"] });
  });

  test("aliases of another shape are a problem of the module", async () => {
    const own = local({ "functions.mjs": "export default {};\nexport const aliases = { pay: { online: 1 } };" });
    expect((await own.problem())?.errorMessage).toContain("the export aliases must be an object such as");
  });
});
