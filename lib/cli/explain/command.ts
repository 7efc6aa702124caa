/** `stepwell explain EXECUTION`: how an execution stands, and all that its journal says. */
import { exportExecution } from "../journal/collect.ts";
import { openDataDirectory } from "../journal/data-directory.ts";
import type { ExecutionDocument } from "../journal/document.ts";
import { findExecution } from "../journal/find.ts";
import { putBack } from "../journal/large-values.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT } from "../usage.ts";
import { type Explanation, explanation } from "./explanation.ts";
import { headingLines } from "./heading.ts";
import { tableLines } from "./table.ts";

export interface ExplainOptions {
  readonly data: string;
  readonly json: boolean;
}

/** Throws UsageError for an execution or a directory that is not there. */
export async function explain(terminal: Terminal, execution: string, options: ExplainOptions): Promise<number> {
  const source = openDataDirectory(options.data);
  try {
    const header = await findExecution(source, execution);
    const now = Date.now();
    const document = await exportExecution(source, header, now);
    putBack(document);
    const inUse = source.inUse();
    const explained = explanation(document, { now, inUse });
    if (options.json) terminal.out(`${JSON.stringify(jsonDocument(document, explained, inUse), null, 2)}\n`);
    else {
      const heading = headingLines(document, explained.waiting, { now, inUse });
      terminal.out(`${[...heading, "", ...tableLines(explained.rows)].join("\n")}\n`);
    }
    return EXIT.ok;
  } finally {
    await source.close();
  }
}

function jsonDocument({ header, input, output }: ExecutionDocument, { waiting, rows }: Explanation, inUse: boolean) {
  return {
    execution: `${header.flow}/${header.ref.name}`,
    ...header,
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    inUse,
    waiting,
    rows,
  };
}
