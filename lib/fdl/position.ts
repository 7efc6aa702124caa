/** Lines and columns of a text, counted from 1 as editors do; columns in UTF-16 units. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The position of each offset of a text. */
export function positionsIn(text: string): (at: number) => Position {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  const startOf = (line: number) => starts[line] ?? Infinity;
  return (at) => {
    let after = 1;
    while (startOf(after) <= at) after *= 2;
    // Lines from here on may hold the offset, the lines from `after` on do not.
    let line = Math.floor(after / 2);
    while (after - line > 1) {
      const middle = Math.floor((line + after) / 2);
      if (startOf(middle) <= at) line = middle;
      else after = middle;
    }
    return { line: line + 1, column: at - startOf(line) + 1 };
  };
}
