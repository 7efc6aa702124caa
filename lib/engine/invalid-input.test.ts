import { describe, expect, it } from "vitest";
import { accepted, InvalidInput } from "./invalid-input.ts";

describe("accepted", () => {
  it("hands on what was read", () => {
    expect(accepted(() => 5)).toEqual({ value: 5 });
  });

  it("makes a step's failure of an input that is not accepted", () => {
    const read = () => {
      throw new InvalidInput("why");
    };
    expect(accepted(read)).toEqual({ failure: { error: "FnF.InvalidInput", cause: "why" } });
  });

  it("does not hide any other error", () => {
    const read = () => {
      throw new TypeError("a bug");
    };
    expect(() => accepted(read)).toThrow(new TypeError("a bug"));
  });
});
