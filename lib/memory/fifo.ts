/** First in, first out: an array with a moving head, so that taking from the front costs the same however long it is. */

export interface Fifo<T> {
  length(): number;
  first(): T | undefined;
  push(item: T): void;
  shift(): T | undefined;
  /** Takes an item out of the middle. Walks the whole queue: for the rare case only. */
  remove(item: T): void;
}

/** Freed places at the front are given back when there are this many, and more of them than items. */
const COMPACT_AT = 1024;

/** An empty queue. */
export function fifo<T>(): Fifo<T> {
  const items: (T | undefined)[] = [];
  let head = 0;
  return {
    length: () => items.length - head,
    first: () => items[head],
    push(item) {
      items.push(item);
    },
    shift() {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head] = undefined;
      head++;
      if (head === items.length || (head >= COMPACT_AT && head * 2 > items.length)) {
        items.splice(0, head);
        head = 0;
      }
      return item;
    },
    remove(item) {
      const at = items.indexOf(item, head);
      if (at >= 0) items.splice(at, 1);
    },
  };
}
