import { beforeEach, describe, expect, test } from "vitest";
import { type VirtualClock, virtualClock } from "../sim/clock.ts";
import { type Alarm, alarm } from "./alarm.ts";

describe("an alarm", () => {
  let clock: VirtualClock;
  let rings: number[];
  let one: Alarm;
  beforeEach(() => {
    clock = virtualClock(0);
    rings = [];
    one = alarm(clock, () => rings.push(clock.now()));
  });

  test("rings once, when it is due", async () => {
    one.set(100);
    await clock.pass(1000);
    expect(rings).toEqual([100]);
  });

  test("set to an earlier time rings then, and only then", async () => {
    one.set(100);
    one.set(50);
    await clock.pass(1000);
    expect(rings).toEqual([50]);
  });

  test("set to a later time rings at the earlier one, to be set again", async () => {
    one.set(100);
    one.set(200);
    await clock.pass(100);
    expect(rings).toEqual([100]);
    one.set(200);
    await clock.pass(100);
    expect(rings).toEqual([100, 200]);
  });

  test("set to nothing does not ring and leaves no sleeper behind", async () => {
    one.set(100);
    one.set(undefined);
    expect(clock.pending()).toBe(0);
    await clock.pass(1000);
    expect(rings).toEqual([]);
  });

  test("set to a time in the past rings soon", async () => {
    one.set(-5);
    await clock.pass(0);
    expect(rings).toEqual([0]);
  });

  test("has one sleeper however often it is set", () => {
    for (let due = 1000; due > 0; due--) one.set(due);
    expect(clock.pending()).toBe(1);
  });
});
