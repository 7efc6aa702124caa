/**
 * The peer: Restate, one server with its default settings (RocksDB, fsync) and one Node worker, installed from npm when it
 * is first asked for, into a folder outside of the checkout.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort, startProcess } from "./started.ts";
import type { Kind, System } from "./system.ts";
import { temporaryFolder } from "./temporary.ts";
import { tokenDesk, web } from "./web.ts";

export const RESTATE = "1.7.12";

const PACKAGES = [
  `@restatedev/restate-server@${RESTATE}`,
  "@restatedev/restate-sdk@1.17.2",
  "@restatedev/restate-sdk-clients@1.17.2",
];

/** Where it is installed when nobody says otherwise: kept from run to run. */
export const PEERS_FOLDER = join(tmpdir(), "stepwell-bench-peers");

/** Installs Restate below a folder if it is not there; returns where. Throws when npm cannot. */
export function installRestate(peers: string): string {
  const folder = join(peers, `restate-${RESTATE}`);
  if (existsSync(join(folder, "installed"))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name: "peer", private: true })}\n`);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", ...PACKAGES], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(join(folder, "installed"), "");
  return folder;
}

/** Starts server and worker on fresh data and waits until they answer. */
export async function startRestate(installed: string): Promise<System> {
  const temporary = temporaryFolder("restate-bench-");
  const folder = temporary.path;
  const [ingressPort, adminPort, nodePort, workerPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const server = startProcess(serverProgram(installed), ["--base-dir", join(folder, "data"), "--no-logo"], {
    cwd: folder,
    env: {
      RESTATE_DISABLE_TELEMETRY: "true",
      RESTATE_BIND_IP: "127.0.0.1",
      RESTATE_LISTEN_MODE: "tcp",
      RESTATE_BIND_PORT: String(nodePort),
      RESTATE_ADMIN__BIND_PORT: String(adminPort),
      RESTATE_INGRESS__BIND_PORT: String(ingressPort),
      RESTATE_LOG_FILTER: "warn",
    },
  });
  const script = fileURLToPath(new URL("restate-worker.fixture.mjs", import.meta.url));
  const worker = startProcess(process.execPath, [script, installed, String(workerPort)], {
    cwd: folder,
    env: { NODE_ENV: "production", RESTATE_LOGGING: "WARN" },
  });
  await worker.line(/^serving/m);
  const client = web();
  const desk = await tokenDesk();
  const ingress = `http://127.0.0.1:${ingressPort}`;
  const json = (value: unknown) => ({ type: "application/json", text: JSON.stringify(value) });
  await eventually(() =>
    client.send("POST", `http://127.0.0.1:${adminPort}/deployments`, json({ uri: `http://127.0.0.1:${workerPort}` })),
  );
  const input = (key: string) => json({ key, desk: desk.url });

  async function run(kind: Kind | "cb", key: string): Promise<void> {
    await client.send("POST", `${ingress}/bench/${kind}`, input(key));
  }
  await eventually(() => run("w1", "first"));

  return {
    name: `restate ${RESTATE}`,
    groups: { server: [server.pid], worker: [worker.pid] },
    run,
    async start(kind, key) {
      const answer: { invocationId: string } = JSON.parse(
        await client.send("POST", `${ingress}/bench/${kind}/send`, input(key)),
      );
      return answer.invocationId;
    },
    async wait(handle) {
      await client.send("GET", `${ingress}/restate/invocation/${handle}/attach`);
    },
    async callback(key) {
      const token = desk.token(key);
      const done = run("cb", key);
      return { token: await token, done };
    },
    async answer(token) {
      await client.send("POST", `${ingress}/restate/awakeables/${token}/resolve`, json("x"));
    },
    async stop() {
      client.close();
      desk.close();
      await worker.stop();
      await server.stop();
      temporary.remove();
    },
  };
}

/** The binary itself, not the script around it: its package is named after system and processor. */
function serverProgram(installed: string): string {
  const scope = join(installed, "node_modules", "@restatedev");
  const [platform] = readdirSync(scope).filter((name) => name.startsWith("restate-server-"));
  if (platform === undefined) throw new Error(`${dirname(scope)} has no Restate server for this system.`);
  return join(scope, platform, "bin", "restate-server");
}

/** Until the server, which takes some seconds to start, does it. */
async function eventually(work: () => Promise<unknown>): Promise<void> {
  for (let left = 60; ; left--) {
    try {
      await work();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(500);
    }
  }
}
