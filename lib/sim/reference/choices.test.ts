import { expect, test } from "vitest";
import { type Choose, everyWay, Undecided } from "./choices.ts";

/** Three choices of two ways, as a text of three digits. */
const threeBits = (choose: Choose): string => `${choose(2)}${choose(2)}${choose(2)}`;

test("every sequence of choices comes once, those with fewer deviations first", () => {
  expect([...everyWay(threeBits, 100)]).toEqual(["000", "100", "010", "001", "110", "101", "011", "111"]);
});

test("a choice may depend on the ones before it", () => {
  const evaluate = (choose: Choose) => (choose(2) === 0 ? "short" : `long ${choose(3)}`);
  expect([...everyWay(evaluate, 100)]).toEqual(["short", "long 0", "long 1", "long 2"]);
});

test("without a choice there is one way", () => {
  expect([...everyWay(() => "only", 1)]).toEqual(["only"]);
});

test("only what is asked for is evaluated", () => {
  let evaluated = 0;
  const [first] = everyWay((choose) => {
    evaluated++;
    return threeBits(choose);
  }, 100);
  expect([first, evaluated]).toEqual(["000", 1]);
});

test("past its limit it says that it is undecided", () => {
  const values: string[] = [];
  const all = () => {
    for (const value of everyWay(threeBits, 3)) values.push(value);
  };
  expect(all).toThrow(Undecided);
  expect(values).toEqual(["000", "100", "010"]);
  expect([...everyWay(threeBits, 8)]).toHaveLength(8);
});
