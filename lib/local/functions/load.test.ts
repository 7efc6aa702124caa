import { describe, expect, test } from "vitest";
import { calling, failed, functions, written } from "./calling.fixture.ts";

describe("a module that cannot be used", () => {
  test.each<[string, { readonly [name: string]: string }, string, string]>([
    [
      "a plain syntax error",
      { "broken.mjs": "export default {\n  a: () => 1,\n  b: (x => };" },
      "Runtime.UserCodeSyntaxError",
      "/broken.mjs:3: SyntaxError: Unexpected token '}'",
    ],
    [
      "a syntax error in a module that it imports",
      { "main.mjs": 'import "./broken.mjs";\nexport default {};', "broken.mjs": "\nconst = 1;" },
      "Runtime.UserCodeSyntaxError",
      "/broken.mjs:2: SyntaxError: ",
    ],
    [
      "an import of a name that is not there",
      {
        "main.mjs": '\nimport { pay } from "./other.mjs";\nexport default { pay };',
        "other.mjs": "export const refund = 1;",
      },
      "Runtime.UserCodeSyntaxError",
      "/main.mjs:2: SyntaxError: The requested module './other.mjs' does not provide an export named 'pay'",
    ],
    [
      "TypeScript that is more than types",
      { "main.mts": "export default { a: () => Color.Red };\n\nenum Color {\n  Red,\n}\n" },
      "Runtime.UserCodeSyntaxError",
      "/main.mts:3: SyntaxError: TypeScript enum is not supported in strip-only mode",
    ],
    [
      "a syntax error in a CommonJS module",
      { "broken.cjs": "module.exports = {\n  a: (x => };" },
      "Runtime.UserCodeSyntaxError",
      "/broken.cjs:2: SyntaxError: Unexpected token '}'",
    ],
    [
      "no such module in it",
      { "main.mjs": 'import "./gone.mjs";' },
      "Runtime.ImportModuleError",
      "Error: Cannot find module",
    ],
    [
      "an exception while it loads",
      { "main.mjs": 'throw new TypeError("no database");' },
      "Runtime.ImportModuleError",
      "TypeError: no database",
    ],
    [
      "an exit while it loads",
      { "main.mjs": "process.exit(9);" },
      "Runtime.ImportModuleError",
      "the process ended while it loaded the module (exit code: 9)",
    ],
    ["no default export", { "main.mjs": "export const pay = () => 1;" }, "Runtime.HandlerNotFound", "it has none"],
    [
      "a default export of another kind",
      { "main.mjs": 'export default "pay";' },
      "Runtime.HandlerNotFound",
      "it is a string",
    ],
    ["null", { "main.mjs": "export default null;" }, "Runtime.HandlerNotFound", "it is null"],
    [
      "a value that is not a function",
      { "main.mjs": 'export default { "shop/pay": 1 };' },
      "Runtime.HandlerNotFound",
      'the value of "shop/pay" in the default export is not a function',
    ],
  ])("%s: the problem is told, and every attempt is FC.Unknown", async (_name, files, errorType, message) => {
    const own = functions({ module: written(files) });
    expect(await own.problem()).toMatchObject({ errorType, errorMessage: expect.stringContaining(message) });
    const results = await Promise.all([own.invoke(calling("a")), own.invoke(calling("b"))]);
    expect(results.map(failed)).toEqual([1, 2].map(() => expect.objectContaining({ error: "FC.Unknown", errorType })));
  });

  test("one that never finishes loading is broken after a while", async () => {
    const own = functions({ module: written({ "stuck.mjs": "await new Promise(() => {});" }), loadMs: 300 });
    expect(await own.problem()).toMatchObject({ errorMessage: "the module did not finish loading within 0.3 s" });
  });

  test("a Node that cannot be started is told", async () => {
    const own = functions({ execPath: "/nowhere/node" });
    expect(await own.problem()).toMatchObject({ errorMessage: expect.stringContaining("ENOENT") });
    expect(failed(await own.invoke(calling("echo"))).error).toBe("FC.Unknown");
  });
});

describe("a module that can be used", () => {
  test("has no problem", async () => {
    expect(await functions().problem()).toBeUndefined();
  });

  test.each([
    ["CommonJS", { "main.cjs": "module.exports = { hi: () => 1 };" }],
    ["compiled from ES modules", { "main.cjs": "exports.__esModule = true;\nexports.default = { hi: () => 1 };" }],
    ["TypeScript", { "main.mts": "const hi = (): number => 1;\nexport default { hi };" }],
  ])("%s", async (_name, files) => {
    const own = functions({ module: written(files) });
    expect(await own.invoke(calling("hi"))).toEqual({ kind: "succeeded", output: 1 });
  });
});
