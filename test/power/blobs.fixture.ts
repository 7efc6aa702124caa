/** Puts a text among the blobs of a folder, `node blobs.fixture.ts FOLDER TEXT`, says that it is there, and dies as one that is killed. */
import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import { join } from "node:path";
import { fileBlobs } from "../../lib/local/store/blobs.ts";

const [, , folder = "", text = ""] = process.argv;
await fileBlobs(join(folder, "blobs")).put(createHash("sha256").update(text).digest("hex"), text);
writeSync(1, "put\n");
process.kill(process.pid, "SIGKILL");
