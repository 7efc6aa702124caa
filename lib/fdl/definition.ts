/**
 * A checked flow definition: what the parser hands to the engine. It is plain JSON (paths and conditions are already
 * compiled), so it can be stored with a revision and needs no further checks (fdl.md §1 to §6, §12).
 */
import type { Condition } from "./condition.ts";
import type { Json } from "./json.ts";
import type { Path } from "./path.ts";
import type { Resource } from "./resource.ts";

/** Where a mapping's value comes from: a constant, or a path into one of the roots (fdl.md §2.3). */
export type Source =
  | { readonly kind: "constant"; readonly value: Json }
  /** `merged` is the bare `$`: default merged input inside inputMappings, own input + local inside outputMappings. */
  | {
      readonly kind: "path";
      readonly root: "input" | "local" | "context" | "merged";
      readonly path: Path;
      readonly text: string;
    };

export interface Mapping {
  readonly target: string;
  readonly source: Source;
}

/** A value that is a constant, or read from the step's mapped input (`$`, `$.key`): serviceParams, wait (fdl.md §3.1.5, §3.3). */
export type Param =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "path"; readonly path: Path; readonly text: string };

/** fdl.md §6.3. Intervals in seconds; all defaults are filled in. */
export interface RetryPolicy {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly multiplier: number;
  readonly maxIntervalSeconds: number;
}

/** fdl.md §6.4. */
export interface CatchPolicy {
  readonly errors: readonly string[];
  readonly goto: string;
}

interface StepBase {
  readonly name: string;
  /** Absent when the step has none or an empty list. */
  readonly inputMappings?: readonly Mapping[];
  readonly outputMappings?: readonly Mapping[];
}

interface Ending {
  readonly end: boolean;
}

/** Error handling of tasks and, beyond FnF, of whole parallel and foreach steps (fdl.md §12). Empty lists when not given. */
export interface ErrorHandling {
  readonly retry: readonly RetryPolicy[];
  readonly catch: readonly CatchPolicy[];
  readonly errorMappings?: readonly Mapping[];
}

export type Pattern = "requestResponse" | "sync" | "waitForCallback";

export interface TaskStep extends StepBase, Ending, ErrorHandling {
  readonly type: "task";
  /** The text of the definition: shown in history as `resourceArn`; for `action:` tasks the action. */
  readonly resourceArn: string;
  readonly resource: Resource;
  /** True for `action: fnf:StartExecution` (fdl.md §3.1.6: other default output after a catch). */
  readonly action: boolean;
  readonly pattern: Pattern;
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
  readonly onLost: "retry" | "fail";
  /** Keys as in the definition (`MessageBody`, `Input`, `InvocationType`, …); absent when the step has none. */
  readonly serviceParams?: { readonly [key: string]: Param };
}

export interface PassStep extends StepBase, Ending {
  readonly type: "pass";
}

export interface WaitStep extends StepBase, Ending {
  readonly type: "wait";
  /** Exactly one of the two. */
  readonly duration?: Param;
  readonly timestamp?: Param;
}

export interface ChoiceEntry {
  readonly condition: Condition;
  readonly conditionText: string;
  readonly steps: readonly Step[];
  readonly goto?: string;
}

export interface ChoiceStep extends StepBase, Ending {
  readonly type: "choice";
  readonly choices: readonly ChoiceEntry[];
  readonly default?: { readonly steps: readonly Step[]; readonly goto?: string };
}

export interface ParallelStep extends StepBase, Ending, ErrorHandling {
  readonly type: "parallel";
  readonly branches: readonly { readonly steps: readonly Step[] }[];
}

export interface ForeachStep extends StepBase, Ending, ErrorHandling {
  readonly type: "foreach";
  readonly iterationMapping: {
    readonly collection: { readonly path: Path; readonly text: string };
    readonly item: string;
    readonly index?: string;
  };
  readonly concurrency: number;
  readonly steps: readonly Step[];
}

export interface SucceedStep extends StepBase {
  readonly type: "succeed";
}

export interface FailStep extends StepBase {
  readonly type: "fail";
  readonly error: string;
  readonly cause: string;
}

export type Step = TaskStep | PassStep | WaitStep | ChoiceStep | ParallelStep | ForeachStep | SucceedStep | FailStep;

export interface Flow {
  readonly timeoutSeconds?: number;
  readonly pinAliases: boolean;
  readonly inputMappings?: readonly Mapping[];
  readonly outputMappings?: readonly Mapping[];
  readonly steps: readonly Step[];
}

/** One thing wrong (error) or suspicious (warning) in a definition; line and column count from 1. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly line: number;
  readonly column: number;
  /** Name of the step it stands in; absent at the flow's top level or where the step has no name. */
  readonly step?: string;
  /** What is wrong, as one sentence, and what would be right. */
  readonly message: string;
}

/** `flow` is present exactly when no problem is an error. */
export interface Parsed {
  readonly flow?: Flow;
  readonly problems: readonly Problem[];
}
