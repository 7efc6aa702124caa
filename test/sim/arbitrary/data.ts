/**
 * Small tables of what flows do with data. Keys: n, a, b, answer, total hold small values; `all`, `lanes` and `firsts` what
 * a fork collected, which is only read where it cannot grow round by round; `items` is what foreach goes over.
 */
import { pick } from "./pick.ts";
import type { Sources } from "./sketch.ts";

/** Of tasks that take any input. */
export const taskInputs = pick<Sources | undefined>(
  [8, undefined],
  [2, [["n", "$.n"]]],
  [2, [["n", "$.item"]]],
  [1, [["n", "$input.n"]]],
  [1, [["n", "$local.n"]]],
  [1, [["n", 3]]],
  [1, [["n", 4]]],
  [1, [["n", "$.items[0]"]]],
  [1, [["n", "$.answer"]]],
);

/** Of the input that is handed to lists inside. All carry the items. */
export const listInputs = pick<Sources | undefined>(
  [8, undefined],
  [
    1,
    [
      ["items", "$.items"],
      ["n", "$.n"],
    ],
  ],
  [
    1,
    [
      ["items", "$input.items"],
      ["n", "$local.n"],
      ["a", "$.b"],
    ],
  ],
);

export const passOutputs = pick<Sources | undefined>(
  [1, undefined],
  [3, [["a", "$.n"]]],
  [2, [["n", 6]]],
  [2, [["n", 0]]],
  [1, [["b", "text"]]],
  [1, [["b", { deep: ["$input.n", null] }]]],
  [
    1,
    [
      ["a", "$input.b"],
      ["b", "$input.a"],
    ],
  ],
  [1, [["go", true]]],
  [1, [["go", "false"]]],
  [1, [["a", "$context.step.name"]]],
  [
    1,
    [
      ["n", 1],
      ["n", "$.missing"],
    ],
  ],
  [1, [["constructor", "$.n"]]],
);

export const choiceOutputs = pick<Sources | undefined>(
  [8, undefined],
  [1, [["n", "$local.n"]]],
  [
    1,
    [
      ["n", "$.n"],
      ["a", "$input.a"],
    ],
  ],
);

export const forkOutputs = pick<Sources | undefined>(
  [3, [["all", "$local[*].n"]]],
  [1, undefined],
  [2, [["n", "$local[0].n"]]],
  [1, [["lanes", "$local"]]],
  [
    1,
    [
      ["all", "$local[*].answer"],
      ["a", "$local[-1].n"],
    ],
  ],
  [1, [["firsts", "$local[*].all[0]"]]],
);

/** After a catch. `$local.cause` is not read: of an engine's own error it is any text. */
export const caughtOutputs = pick<Sources | undefined>(
  [3, undefined],
  [3, [["error", "$local.error"]]],
  [
    1,
    [
      ["n", "$input.n"],
      ["b", "$local.code"],
    ],
  ],
);

export const conditions = pick<string>(
  [3, "$.n > 2"],
  [2, "$.n < 2"],
  [2, "$.go"],
  [1, "!$.go"],
  [1, "$.go == true || $.n == 3"],
  [1, "$.n in $.items"],
  [1, '$.b == "text"'],
  [1, '$.b < "tfxt" && $.n >= 1'],
  [1, "$.a == $.n"],
  [1, "$.missing != 1"],
  [1, "$.answer == 7 || $.answer == 1"],
  [1, '"a" in $'],
  [1, "-$.n < 0"],
  [1, "$.all[0] > 1"],
  [1, '$.error == "Moody"'],
  [1, "true"],
);
