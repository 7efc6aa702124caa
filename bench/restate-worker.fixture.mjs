// The workflows of the workloads for Restate: node restate-worker.fixture.mjs FOLDER PORT, where FOLDER has its SDK installed.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, port] = process.argv.slice(2);
const sdk = createRequire(join(folder, "package.json")).resolve("@restatedev/restate-sdk");
const restate = await import(pathToFileURL(sdk).href);

const step = async () => ({ n: 1 });

function chain(length) {
  return async (context) => {
    for (let i = 0; i < length; i++) await context.run(`s${i}`, step);
  };
}

const handlers = {
  w1: chain(1),
  w2: chain(10),
  w3: chain(5),
  async fan(context) {
    await restate.RestatePromise.all(Array.from({ length: 500 }, (_, i) => context.run(`f${i}`, step)));
  },
  async sleep(context) {
    await context.sleep(2_000);
  },
  async cb(context, { key, desk }) {
    const { id, promise } = context.awakeable();
    await context.run("post-token", async () => {
      await fetch(desk, { method: "POST", body: JSON.stringify({ key, token: id }) });
    });
    await promise;
  },
};

await restate.serve({ services: [restate.service({ name: "bench", handlers })], port: Number(port) });
console.log("serving");
