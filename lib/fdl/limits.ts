/**
 * The limits of the language in one place, each with its source. Where Stepwell goes further than FnF (fdl.md §12) the
 * number is Stepwell's.
 */

/** A definition's size in bytes of UTF-8: the request size of the API (fdl.md §1.4). Aliases may add as much again. */
export const MAX_DEFINITION_BYTES = 1_048_576;

/** How deep lists and maps may be nested. FnF documents none (fdl.md §1.4); far above any flow, far below the stack's end. */
export const MAX_NESTING = 100;

/** Past so many syntax errors the rest only follow from the first ones. */
export const MAX_SYNTAX_PROBLEMS = 20;

/** So many problems of a definition are shown; nobody reads more at once. */
export const MAX_PROBLEMS = 1_000;

/** Flow, execution, schedule and step names, in characters (fdl.md §1.3). */
export const MAX_NAME_LENGTH = 128;

/** Waits, retry intervals and time-outs: one year, in seconds (fdl.md §3.1, §12). */
export const MAX_SECONDS = 31_536_000;

/** Branches of a `parallel` (fdl.md §10 row 58). */
export const MAX_BRANCHES = 1_000;

/** `concurrency` of a `foreach`, and its default (fdl.md §12). */
export const MAX_CONCURRENCY = 1_000;
export const DEFAULT_CONCURRENCY = 100;

/** Defaults of a retry policy (fdl.md §6.3). */
export const DEFAULT_INTERVAL_SECONDS = 1;
export const DEFAULT_MAX_ATTEMPTS = 3;
export const DEFAULT_MULTIPLIER = 2;
export const DEFAULT_MAX_INTERVAL_SECONDS = 86_400;

/** `DelaySeconds` and `Priority` of a message (fdl.md §3.1.5). */
export const MAX_DELAY_SECONDS = 604_800;
export const MIN_PRIORITY = 1;
export const MAX_PRIORITY = 16;
