/** The journal's headers, and the data of executions: inputs, outputs, archives of Express runs. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { ExecutionRef, Header, Journal, Packed } from "../../runtime/ports/journal.ts";
import { endItem, headerItem, readHeaderItem } from "./header-item.ts";
import { item, present } from "./item.ts";
import { archiveKey, dataKey, headerKey } from "./keys.ts";
import { longTexts } from "./long-text.ts";
import type { Stored } from "./stored.ts";

type Executions = Pick<
  Journal,
  "putHeader" | "readHeader" | "endHeader" | "putInput" | "putResult" | "readData" | "putArchive" | "readArchive"
>;

export function tableExecutions({ table, expiry }: Stored): Executions {
  const texts = longTexts(table);
  return {
    async putHeader(header) {
      const attributes = headerItem(header, expiry.header(header));
      const refused = await table.put(headerKey(header.ref), attributes, { absent: ["pk"] });
      if (refused !== undefined) return refused.there && readHeaderItem(refused.there);
      if (header.status !== "Running") await dataExpires(header.ref, header);
      return undefined;
    },
    async readHeader(ref) {
      const found = await table.get(headerKey(ref));
      return found && readHeaderItem(found);
    },
    async endHeader(ref, startId, end) {
      const result = await table.update(
        headerKey(ref),
        { set: { ...endItem(end), ...item({ expiresAt: expiry.header(end) }) }, remove: ["runningShard"] },
        { equal: item({ status: "Running", startId }) },
      );
      if (result.refused) return result.there && readHeaderItem(result.there);
      await dataExpires(ref, { startId, ...end });
      return readHeaderItem(result.item);
    },
    async putInput(ref, startId, input) {
      const key = dataKey(ref, startId);
      const expiresAt = expiry.whileItRuns();
      const set = { input: await texts.write(key.pk, input, expiresAt) };
      // A start message that comes again after the end does not keep the data longer.
      await table.update(key, { set, setOnce: { expiresAt } });
    },
    async putResult(ref, startId, output) {
      const key = dataKey(ref, startId);
      const expiresAt = expiry.afterEnd();
      await table.update(key, { set: { output: await texts.write(key.pk, output, expiresAt), expiresAt } });
    },
    async readData(ref, startId) {
      const key = dataKey(ref, startId);
      const found = await table.get(key);
      const read = async (attribute: AttributeValue | undefined) =>
        (await texts.read(key.pk, attribute)) as Packed | undefined;
      const [input, output] = await Promise.all([read(found?.input), read(found?.output)]);
      return { ...present("input", input), ...present("output", output) };
    },
    async putArchive(ref, startId, archive) {
      const key = archiveKey(ref, startId);
      const expiresAt = expiry.afterEnd();
      await table.put(key, { archive: await texts.write(key.pk, archive, expiresAt), expiresAt });
    },
    async readArchive(ref, startId) {
      const key = archiveKey(ref, startId);
      return texts.read(key.pk, (await table.get(key))?.archive);
    },
  };

  /** An input is kept for as long as its execution may run. The output of a success has ended that already. */
  async function dataExpires(
    ref: ExecutionRef,
    { startId, status }: Pick<Header, "startId" | "status">,
  ): Promise<void> {
    if (status === "Succeeded") return;
    await table.update(dataKey(ref, startId), { set: { expiresAt: expiry.afterEnd() } }, { has: ["pk"] });
  }
}
