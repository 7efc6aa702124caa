/** ministack, the AWS emulator of the tests (PyPI, MIT), in a virtual environment of its own; made once, then found again. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const VERSION = "1.5.33";
const CACHE = join(import.meta.dirname, "../../node_modules/.cache/ministack");

const run = promisify(execFile);

/** The Python interpreter that has ministack; rejects with what to do when it cannot be installed. */
export async function ministackPython(): Promise<string> {
  const home = join(CACHE, VERSION);
  const python = join(home, "bin/python");
  if (existsSync(python)) return python;
  await mkdir(CACHE, { recursive: true });
  // Made aside and moved into place whole: another test file may be making it too, and this one may be killed.
  const fresh = await mkdtemp(join(CACHE, "new-"));
  try {
    await run("python3", ["-m", "venv", fresh]);
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `ministack==${VERSION}`];
    await run(join(fresh, "bin/python"), pip);
    await rename(fresh, home);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (existsSync(python)) return python;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `ministack ${VERSION} cannot be installed; tests of lib/aws need Python 3.10 or newer and PyPI. ${reason}`,
    );
  }
  return python;
}
