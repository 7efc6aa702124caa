/** `stepwell journal export EXECUTION`: everything of one execution as one JSON document. */
import type { Terminal } from "../terminal.ts";
import { EXIT } from "../usage.ts";
import { exportExecution } from "./collect.ts";
import { openDataDirectory } from "./data-directory.ts";
import { documentText } from "./document-text.ts";
import { findExecution } from "./find.ts";

export interface ExportOptions {
  readonly data: string;
}

/** Throws UsageError for an execution or a directory that is not there. */
export async function journalExport(terminal: Terminal, execution: string, options: ExportOptions): Promise<number> {
  const source = openDataDirectory(options.data);
  try {
    const header = await findExecution(source, execution);
    for (const part of documentText(await exportExecution(source, header, Date.now()))) terminal.out(part);
    return EXIT.ok;
  } finally {
    await source.close();
  }
}
