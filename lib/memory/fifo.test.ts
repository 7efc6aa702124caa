import fc from "fast-check";
import { expect, test } from "vitest";
import { fifo } from "./fifo.ts";

test("whatever is pushed, shifted and removed, it behaves as an array does", () => {
  const operation = fc.oneof(
    { weight: 3, arbitrary: fc.constant("push" as const) },
    { weight: 2, arbitrary: fc.constant("shift" as const) },
    { weight: 1, arbitrary: fc.nat(20) },
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const queue = fifo<number>();
      const model: number[] = [];
      for (const [item, one] of operations.entries()) {
        if (one === "push") {
          queue.push(item);
          model.push(item);
        } else if (one === "shift") {
          expect(queue.shift()).toBe(model.shift());
        } else {
          const picked = model[one] ?? -1;
          queue.remove(picked);
          if (one < model.length) model.splice(one, 1);
        }
        expect(queue.first()).toBe(model[0]);
        expect(queue.length()).toBe(model.length);
      }
    }),
  );
});

test("keeps its order when freed places are given back", () => {
  const queue = fifo<number>();
  const shifted: (number | undefined)[] = [];
  for (let item = 0; item < 10_000; item++) {
    queue.push(item);
    if (item % 5 < 4) shifted.push(queue.shift());
  }
  queue.remove(9000);
  while (queue.length() > 0) shifted.push(queue.shift());
  expect(shifted).toEqual(Array.from({ length: 10_000 }, (_, item) => item).filter((item) => item !== 9000));
});
