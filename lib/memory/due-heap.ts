/**
 * What is due when: a binary heap ordered by due time, then by registration, so that things due at the same time come in
 * a deterministic order. Every node knows its slot, so that one can be taken out (a consumed message, an aborted sleep)
 * without waiting for its time: dead nodes would otherwise pile up for as long as they were due.
 */

export interface DueNode<T> {
  readonly due: number;
  readonly order: number;
  readonly value: T;
  /** Kept by the heap; -1 once the node has left it. */
  slot: number;
}

export interface DueHeap<T> {
  size(): number;
  /** The node that is due next, still in the heap. */
  first(): DueNode<T> | undefined;
  add(due: number, value: T): DueNode<T>;
  /** Takes a node out; one that has left already stays out. */
  remove(node: DueNode<T>): void;
}

/** An empty heap. */
export function dueHeap<T>(): DueHeap<T> {
  const nodes: DueNode<T>[] = [];
  let registered = 0;

  function place(node: DueNode<T>, slot: number): void {
    nodes[slot] = node;
    node.slot = slot;
  }

  function rise(node: DueNode<T>, from: number): void {
    let slot = from;
    while (slot > 0) {
      const above = (slot - 1) >> 1;
      const parent = nodes[above];
      if (parent === undefined || before(parent, node)) break;
      place(parent, slot);
      slot = above;
    }
    place(node, slot);
  }

  function sink(node: DueNode<T>, from: number): void {
    let slot = from;
    for (;;) {
      const left = nodes[2 * slot + 1];
      const right = nodes[2 * slot + 2];
      const child = left !== undefined && right !== undefined && before(right, left) ? right : left;
      if (child === undefined || before(node, child)) break;
      const below = child.slot;
      place(child, slot);
      slot = below;
    }
    place(node, slot);
  }

  return {
    size: () => nodes.length,
    first: () => nodes[0],
    add(due, value) {
      const node: DueNode<T> = { due, order: registered++, value, slot: nodes.length };
      rise(node, nodes.length);
      return node;
    },
    remove(node) {
      const slot = node.slot;
      if (slot < 0) return;
      node.slot = -1;
      const last = nodes.pop();
      if (last === undefined || last === node) return;
      sink(last, slot);
      if (last.slot === slot) rise(last, slot);
    },
  };
}

function before<T>(one: DueNode<T>, other: DueNode<T>): boolean {
  return one.due < other.due || (one.due === other.due && one.order < other.order);
}
