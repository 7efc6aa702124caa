import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { flowFolder } from "./flow-folder.ts";

const PASS = "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: a}\n";
const OTHER = PASS.replace("name: a", "name: b");
const BROKEN = PASS.replace("pass", "pas");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stepwell-flows-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe("the first look", () => {
  test("finds flows in the folder and anywhere under flows/, each with its file's name", async () => {
    write("order.yml", PASS);
    write("flows/refund.yaml", OTHER);
    write("flows/mails/welcome.flow.yml", PASS);
    const { flows, remarks } = await flowFolder(folder).look();
    expect(flows.map(({ name, text }) => [name, text])).toEqual([
      ["order", PASS],
      ["welcome", PASS],
      ["refund", OTHER],
    ]);
    expect(remarks).toEqual([]);
  });

  test("names a flow.yml after its folder below flows/: every folder may have one", async () => {
    write("flow.yml", PASS);
    write("flows/refund/flow.yml", OTHER);
    write("flows/refund/flow-quick.yml", PASS);
    const { flows, remarks } = await flowFolder(folder).look();
    expect(flows.map(({ name }) => name)).toEqual(["flow", "flow-quick", "refund"]);
    expect(remarks).toEqual([]);
  });

  test("passes by what is no flow, and folders of others", async () => {
    write("serverless.yml", "service: shop\n");
    write("deeper/order.yml", PASS);
    write("flows/node_modules/x/order.yml", PASS);
    write("flows/.hidden/order.yml", PASS);
    write("order.json", "{}");
    mkdirSync(join(folder, "folder.yml"));
    const flows = flowFolder(folder);
    expect((await flows.look()).flows).toEqual([]);
    expect(flows.count()).toBe(0);
  });

  test("says what is wrong with a definition, and gives the others", async () => {
    const bad = write("bad.yml", BROKEN);
    write("good.yml", PASS);
    const { flows, remarks } = await flowFolder(folder).look();
    expect(flows.map(({ name }) => name)).toEqual(["good"]);
    expect(remarks).toEqual([expect.stringMatching(new RegExp(`^${bad}:4:\\d+: error: `))]);
  });

  test("of two files whose flows would have one name, gives the first and says so", async () => {
    const [first, second] = [write("a.yml", PASS), write("flows/a.yml", OTHER)];
    const { flows, remarks } = await flowFolder(folder).look();
    expect(flows.map(({ path }) => path)).toEqual([first]);
    expect(remarks).toEqual([`${second}: flow "a" is that of ${first}: give one of the files another name`]);
  });

  test("refuses a name that no flow may have", async () => {
    write("my flow.yml", PASS);
    const { flows, remarks } = await flowFolder(folder).look();
    expect(flows).toEqual([]);
    expect(remarks).toEqual([expect.stringContaining('"my flow" is no name for a flow')]);
  });

  test("says which file cannot be read", async () => {
    const path = write("a.yml", Buffer.from([0xff, 0xfe, 0x00]));
    expect((await flowFolder(folder).look()).unreadable).toEqual([`cannot read ${path}: it is not UTF-8 text`]);
  });
});

describe("a later look", () => {
  test("says nothing of what is as it was", async () => {
    write("good.yml", PASS);
    write("bad.yml", BROKEN);
    write("flows/good.yml", PASS);
    write("none.yml", Buffer.from([0xff]));
    const flows = flowFolder(folder);
    await flows.look();
    expect(await flows.look()).toMatchObject({ flows: [], remarks: [], unreadable: [] });
  });

  test("gives what changed and what is new", async () => {
    write("a.yml", PASS);
    write("b.yml", PASS);
    const flows = flowFolder(folder);
    await flows.look();
    write("b.yml", OTHER);
    write("flows/c.yml", PASS);
    expect((await flows.look()).flows.map(({ name, text }) => [name, text])).toEqual([
      ["b", OTHER],
      ["c", PASS],
    ]);
  });

  test("says what is wrong now, also when the file is not even a flow any more", async () => {
    const path = write("a.yml", PASS);
    const flows = flowFolder(folder);
    await flows.look();
    write("a.yml", "hello\n");
    const { flows: changed, remarks } = await flows.look();
    expect(changed).toEqual([]);
    expect(remarks[0]).toContain(`${path}:1:1: error: `);
  });

  test("says that a file is gone: its flow stays", async () => {
    const path = write("a.yml", PASS);
    const flows = flowFolder(folder);
    await flows.look();
    rmSync(path);
    expect((await flows.look()).remarks).toEqual([`${path} is gone; flow "a" stays as it was`]);
    expect((await flows.look()).remarks).toEqual([]);
  });

  test("gives the name to the other file when the first one is gone", async () => {
    const path = write("a.yml", PASS);
    const second = write("flows/a.yml", OTHER);
    const flows = flowFolder(folder);
    await flows.look();
    rmSync(path);
    const { flows: changed, remarks } = await flows.look();
    expect(changed.map((flow) => flow.path)).toEqual([second]);
    expect(remarks).toEqual([]);
  });
});
