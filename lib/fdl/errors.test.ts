import { expect, test } from "vitest";
import { ExpressionError, StepwellError } from "./errors.ts";

test("an error carries its code, its message and what caused it", () => {
  const cause = new Error("disk full");
  const error = new StepwellError("InvalidArgument", "No such step.", { cause });
  expect(error).toBeInstanceOf(Error);
  expect({ ...error, message: error.message, cause: error.cause }).toEqual({
    name: "StepwellError",
    code: "InvalidArgument",
    message: "No such step.",
    cause,
  });
});

test("an expression error is an InvalidArgument at an offset", () => {
  const error = new ExpressionError("No such operator.", 7);
  expect(error).toBeInstanceOf(StepwellError);
  expect({ ...error, message: error.message }).toEqual({
    name: "ExpressionError",
    code: "InvalidArgument",
    message: "No such operator.",
    offset: 7,
  });
});
