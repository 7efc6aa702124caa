import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { written } from "./calling.fixture.ts";
import { findFunctions } from "./find-functions.ts";

describe("the functions of a folder", () => {
  test.each<[string, { readonly [name: string]: string }, string | undefined]>([
    [
      "a serverless.yml with functions, before a module",
      { "functions.ts": "", "serverless.yml": "functions:\n  a: {}" },
      "serverless.yml",
    ],
    ["a serverless.yaml", { "serverless.yaml": "service: shop\nfunctions: {}\n" }, "serverless.yaml"],
    ["one that is broken further on", { "serverless.yml": 'functions:\n  a: {handler: "x' }, "serverless.yml"],
    [
      "a serverless.yml without functions is none",
      { "serverless.yml": "custom:\n  functions: 1\n", "functions.mjs": "" },
      "functions.mjs",
    ],
    ["TypeScript before JavaScript", { "functions.js": "", "functions.ts": "" }, "functions.ts"],
    ["CommonJS", { "functions.cjs": "" }, "functions.cjs"],
    ["a folder named functions is none", { "functions/index.ts": "" }, undefined],
    ["nothing", { "flow.yml": "" }, undefined],
  ])("%s", async (_name, files, found) => {
    const first = written(files);
    const folder = "functions/index.ts" in files ? dirname(dirname(first)) : dirname(first);
    const kind = found?.startsWith("serverless") ? "serverless" : "module";
    expect(await findFunctions(folder)).toEqual(found === undefined ? undefined : { kind, path: `${folder}/${found}` });
  });
});
