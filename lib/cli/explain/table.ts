/** Rows as a table of text. */
import { printable } from "../run/screen.ts";
import type { Row } from "./rows.ts";

/** Columns with the title and what a row has there; one that no row fills is left out. */
const COLUMNS: readonly (readonly [title: string, align: "left" | "right", cell: (row: Row) => string])[] = [
  ["branch", "left", ({ branch }) => branch],
  ["seq", "right", ({ seq }) => String(seq)],
  ["item", "right", ({ item }) => (item === undefined ? "" : String(item))],
  ["at", "right", ({ at }) => seconds(at)],
  ["step", "left", ({ step }) => step],
  ["event", "left", ({ event }) => event],
  ["effect", "left", ({ effect }) => effect],
  ["report, join", "left", ({ beside }) => beside],
  ["due", "right", ({ due }) => (due === undefined ? "" : seconds(due))],
  ["anchor", "right", ({ anchor }) => String(anchor)],
  ["owner", "left", ({ owner }) => shortOwner(owner)],
  ["lease", "left", ({ lease }) => lease],
  ["redelivered", "right", ({ traces }) => count(traces.redelivered)],
  ["refused", "right", ({ traces }) => count(traces.refused)],
  ["taken over", "right", ({ traces }) => count(traces.takenOver)],
  ["resumed", "right", ({ traces }) => count(traces.resumed)],
  ["bounced", "right", ({ traces }) => count(traces.bounced)],
  ["dropped", "right", ({ traces }) => count(traces.dropped)],
  ["lease lost", "right", ({ traces }) => count(traces.leaseLost)],
];

export function tableLines(rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return ["no entries yet"];
  const columns = COLUMNS.map(([title, align, cell]) => ({
    title,
    align,
    cells: rows.map((row) => printable(cell(row))),
  }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map(({ title, align, cells }) => {
      const width = Math.max(title.length, ...cells.map((cell) => cell.length));
      return [title, ...cells].map((cell) => (align === "left" ? cell.padEnd(width) : cell.padStart(width)));
    });
  const [first = []] = columns;
  return first.map((_, line) =>
    columns
      .map((cells) => cells[line])
      .join("  ")
      .trimEnd(),
  );
}

/** Deliveries of the embedded runtime: the id of its process and a number. */
const OWNER = /^([0-9a-f]{8})-[0-9a-f-]{27}-?(\d+)$/;

/** For example `8c2f1a3b#12`. */
export function shortOwner(owner: string): string {
  const [, process, number] = OWNER.exec(owner) ?? [];
  if (process !== undefined) return `${process}#${number}`;
  return owner.length > 12 ? `${owner.slice(0, 11)}…` : owner;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

function count(number: number | undefined): string {
  return number === undefined ? "" : String(number);
}
