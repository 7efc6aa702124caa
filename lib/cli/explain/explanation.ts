/** What is to be said of an execution at a moment. */
import type { ExecutionDocument } from "../journal/document.ts";
import { beside } from "../replay/beside.ts";
import { replay } from "../replay/replay.ts";
import { type Row, rowsOf } from "./rows.ts";
import { liveTips } from "./tips.ts";
import { type Moment, waitingText } from "./waiting.ts";

export interface Explanation {
  /** A sentence for each live branch; none when the execution has ended. */
  readonly waiting: readonly string[];
  readonly rows: readonly Row[];
}

/** The table of an execution and what it waits for at that moment. */
export function explanation(document: ExecutionDocument, moment: Moment): Explanation {
  const replayed = replay(document);
  const items = beside(document);
  const running = document.header.status === "Running";
  return {
    waiting: running ? liveTips(replayed, items).map((tip) => waitingText(tip, items, moment)) : [],
    rows: rowsOf(document, replayed, items, moment),
  };
}
