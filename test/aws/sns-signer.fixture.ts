/** Signs for the emulator (emulator_sns.py): a question and an answer a line, in JSON; ends with its standard input. */
import { mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { type SignedMessage, signerOf } from "../../lib/local/topics/signing.ts";

interface Question {
  /** Absent: the certificate is asked for. */
  readonly message?: SignedMessage;
  readonly version?: "1" | "2";
}

const folder = process.argv[2] ?? "";
mkdirSync(folder, { recursive: true });
const signer = await signerOf(folder, () => new Date())();

for await (const line of createInterface(process.stdin)) {
  const { message, version = "1" }: Question = JSON.parse(line);
  const { path, certificate } = signer;
  const answer = message === undefined ? { path, certificate } : { signature: signer.sign(message, version) };
  console.log(JSON.stringify(answer));
}
