/** `stepwell graph FLOW`: the flow as a Mermaid flowchart on stdout. */
import { printProblems, readFlowFile } from "../flow-file.ts";
import type { Terminal } from "../terminal.ts";
import { EXIT } from "../usage.ts";
import { diagramOf } from "./diagram.ts";
import { mermaid } from "./mermaid.ts";

/** Nothing is drawn of an invalid definition: its problems are told, and the exit code is 2. */
export async function graph(terminal: Terminal, path: string): Promise<number> {
  const file = await readFlowFile(path);
  printProblems(terminal, file);
  if (file.flow === undefined) return EXIT.usage;
  terminal.out(mermaid(diagramOf(file.flow)));
  return EXIT.ok;
}
