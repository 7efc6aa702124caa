import { expect, test } from "vitest";
import { retryDelay } from "./retry-schedule.ts";

test("three retries come at once, the next ones after 1, 2, 4, 8, 16 and always 20 seconds", () => {
  const delays = Array.from({ length: 12 }, (_, index) => retryDelay(index + 1));
  expect(delays).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000, 20_000]);
  expect(retryDelay(100_000)).toBe(20_000);
});
