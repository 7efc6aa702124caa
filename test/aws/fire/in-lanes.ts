/** Things that are done side by side, but not all at once: each request under way is work, or a process, of the emulator's. */

/** Acts on all items, on at most `lanes` at a time, in their order. Rejects with the first failure. */
export async function inLanes<T>(items: Iterable<T>, lanes: number, act: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]();
  const lane = async () => {
    for (let next = left.next(); !next.done; next = left.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
