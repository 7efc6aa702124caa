/** Names that break adapters which build keys, paths or objects out of them without care. */
export const hostileNames: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "流程-ö-🪜",
  "a#b",
  "a.b",
  "a/../b",
  "a b|c:d%20",
  "'\"\\",
  "x".repeat(128),
];
