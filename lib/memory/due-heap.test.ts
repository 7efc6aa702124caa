import fc from "fast-check";
import { expect, test } from "vitest";
import { type DueHeap, type DueNode, dueHeap } from "./due-heap.ts";

type Operation =
  | { readonly kind: "add"; readonly due: number }
  | { readonly kind: "remove"; readonly pick: number }
  | { readonly kind: "take" };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("add" as const), due: fc.integer({ min: 0, max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), pick: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("take" as const) }) },
);

test("whatever is added, removed and taken, the first is the one due first, then the one added first", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
      const heap = dueHeap<number>();
      let model: DueNode<number>[] = [];
      const leave = (node: DueNode<number>) => {
        heap.remove(node);
        model = model.filter((one) => one !== node);
      };
      for (const [value, one] of operations.entries()) {
        const first = heap.first();
        const picked = one.kind === "remove" ? model[one.pick % (model.length || 1)] : undefined;
        if (one.kind === "add") model.push(heap.add(one.due, value));
        else if (picked !== undefined) leave(picked);
        else if (one.kind === "take" && first !== undefined) leave(first);
        // `model` is in the order of addition and sorting is stable.
        expect(heap.first()?.value).toBe(model.toSorted((a, b) => a.due - b.due)[0]?.value);
        expect(heap.size()).toBe(model.length);
      }
      for (const node of model.toSorted((a, b) => a.due - b.due)) {
        expect(heap.first()?.value).toBe(node.value);
        heap.remove(node);
      }
    }),
  );
});

test("a node that has left stays out", () => {
  const heap = dueHeap<string>();
  const first = heap.add(1, "first");
  heap.add(2, "second");
  heap.add(3, "third");
  heap.remove(first);
  heap.remove(first);
  expect(heap.size()).toBe(2);
  expect(heap.first()?.value).toBe("second");
});

test("taking any nodes out of the middle of a large heap leaves the others in order", () => {
  const node = fc.record({ due: fc.nat(1000), removed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(node, { minLength: 40, maxLength: 80 }), (all) => {
      const heap = dueHeap<number>();
      const nodes = all.map(({ due }) => heap.add(due, due));
      for (const [index, one] of nodes.entries()) if (all[index]?.removed) heap.remove(one);
      const kept = all.filter(({ removed }) => !removed).map(({ due }) => due);
      expect(drain(heap)).toEqual(kept.toSorted((one, other) => one - other));
    }),
  );
});

test("a hundred thousand nodes come out in order", () => {
  const heap = dueHeap<number>();
  for (let value = 0; value < 100_000; value++) heap.add((value * 7919) % 100_003, value);
  const order = drain(heap);
  expect(order).toHaveLength(100_000);
  expect(order.every((due, index) => index === 0 || due > (order[index - 1] ?? 0))).toBe(true);
});

/** Due times in the order in which the nodes come out. */
function drain(heap: DueHeap<number>): readonly number[] {
  const order: number[] = [];
  for (let first = heap.first(); first !== undefined; first = heap.first()) {
    order.push(first.due);
    heap.remove(first);
  }
  return order;
}
