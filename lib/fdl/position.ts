/** Lines and columns of a text, counted from 1 as editors do; columns in UTF-16 units. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The position of each offset of a text. */
export function positionsIn(text: string): (at: number) => Position {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return (at) => {
    let line = 0;
    for (let last = starts.length - 1; line < last; ) {
      const middle = Math.ceil((line + last) / 2);
      if (startOf(starts, middle) <= at) line = middle;
      else last = middle - 1;
    }
    return { line: line + 1, column: at - startOf(starts, line) + 1 };
  };
}

function startOf(starts: readonly number[], line: number): number {
  return starts[line] ?? Infinity;
}
