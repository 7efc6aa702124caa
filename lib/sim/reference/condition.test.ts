import { describe, expect, test } from "vitest";
import { parseCondition } from "../../fdl/condition.ts";
import { holds } from "./condition.ts";

const INPUT = {
  n: 2,
  zero: 0,
  text: "two",
  numeric: "2",
  yes: true,
  no: false,
  nothing: null,
  list: [1, "a", { k: [1] }],
  map: { k: [1] },
  word: "TRUE",
};

describe("holds", () => {
  test.each([
    ["$.n == 2"],
    ["$.n == 2.0 && $.n < 3 && $.n >= 2 && $.n <= 2 && $.n > 1"],
    ['$.n == "2" && "2" == $.n && $.n < "10"'],
    ['"10" < "2"'],
    ['"a" < "b" && "a" <= "a"'],
    ['$.yes == "true" && $.yes == "TRUE" && $.yes == 1 && $.no == 0 && $.word'],
    ['$.nothing == false && $.nothing == 0 && $.nothing == "false" && $.nothing == null'],
    ["$.nothing != $.map && $.yes != $.list && $.nothing != $.text"],
    ['$.map == $.list[2] && $.map != $.list && "02" != 3'],
    ["$.map.k == [1]"],
    ["$.yes && $.n && $.numeric && !$.zero && !$.nothing && !$.no"],
    ["-$.n == -2 && --$.n == 2 && -$.numeric < 0"],
    ['"a" in $.list && {"k"} in $.map'.replace('{"k"}', '"k"')],
    ['!("1" in $.list) && !("toString" in $.map)'],
    ["$.map in $.list"],
    ["$.missing || true"],
    ["true || $.missing"],
    ["!($.missing && false)"],
    ["$.n == 1 || $.n == 2 && true"],
    ["($.n == 1 || $.n == 2) == true"],
    ["$.yes || $.text"],
    ["$.list[-1].k[0] == 1"],
    ["$.list[*] == $.list"],
  ])("%s", (text) => {
    expect(holds(parseCondition(text), INPUT)).toBe(true);
  });
});

describe("does not hold", () => {
  test.each([
    ["$.n == 3"],
    ['$.n == " 2" || $.n == "0x2" || $.n == ""'],
    ['$.text == "TWO"'],
    ['"1" == "1.0"'],
    ["$.missing"],
    ["!$.missing"],
    ['$.missing != "x"'],
    ["-$.missing < 0 || $.missing == -$.missing"],
    ["$.missing in $.list || 1 in $.missing || [$.missing] == [1]"],
    ["$.missing && true"],
    ["$.list[7] == null || $.list[-4] != 1"],
    ['"w" < 1 || true'],
    ["$.yes < 2 || true"],
    ["$.nothing <= 0 || true"],
    ["$.list == 1 && false || $.map < 1 || true"],
    ["$.text || true"],
    ["!$.text || true"],
    ["-$.text == 1 || true"],
    ["1 in $.text || true"],
    ["1 in $.map || true"],
    ["$.missing && $.text || true"],
    ["$.text"],
    ["$.list"],
    ["$.nothing"],
    ['"false"'],
  ])("%s", (text) => {
    expect(holds(parseCondition(text), INPUT)).toBe(false);
  });
});
