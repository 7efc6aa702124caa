#!/usr/bin/env node
// The stepwell command. This file must run on any Node from 14 on: an older Node than the program needs starts the
// project's own one (the `node` package) in its place, or says what is missing.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const OLDEST = 24;
const RELAUNCHED = "STEPWELL_RELAUNCHED";
const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (Number(process.versions.node.split(".")[0]) >= OLDEST) {
  delete process.env[RELAUNCHED];
  start();
} else {
  relaunch();
}

function start() {
  const program = join(root, "dist", "stepwell.mjs");
  if (!existsSync(program)) {
    refuse(`stepwell is not built: ${program} is missing.\nRun "npm ci" (or "npm run build") in ${root}.`);
    return;
  }
  // Compiled code is kept between calls, in the system's temporary folder: a third of the start-up time.
  nodeModule.enableCompileCache();
  import(pathToFileURL(program).href).then((command) => command.main(process.argv.slice(2)));
}

function relaunch() {
  const node = projectNode();
  // A project's Node that is too old itself would go on for ever.
  if (node === undefined || process.env[RELAUNCHED] !== undefined) {
    refuse(
      `stepwell needs Node.js ${OLDEST} or newer; this is ${process.version} (${process.execPath}), and there is no newer one in ${join(root, "node_modules", "node")}.\n` +
        `Run "npm ci" in ${root}, which brings one along, or install Node.js ${OLDEST}: https://nodejs.org`,
    );
    return;
  }
  const args = [fileURLToPath(import.meta.url)].concat(process.argv.slice(2));
  const env = Object.assign({}, process.env, { [RELAUNCHED]: process.version });
  const child = spawn(node, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => refuse(`stepwell cannot start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    // Die of the same signal, so that the caller sees it; of one that does not kill, with the shell's code for it.
    process.removeAllListeners(signal);
    process.exitCode = 128 + constants.signals[signal];
    process.kill(process.pid, signal);
  });
}

function projectNode() {
  try {
    const manifest = nodeModule.createRequire(import.meta.url).resolve("node/package.json");
    const binary = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(binary) ? binary : undefined;
  } catch (_error) {
    return undefined;
  }
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
