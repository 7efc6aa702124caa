/**
 * Messages of the queue. Each is acted on at least once, late, out of order or twice; what it may do is decided by the
 * journal alone (architecture §3). On the wire a message is a line of JSON, then the packed state and the packed event each
 * on a line of its own: they are never escaped twice.
 */
import { StepwellError } from "../fdl/errors.ts";
import type { End, ExecutionRef, Header, Packed } from "./ports/journal.ts";

/** What every message says of the execution that it belongs to. */
export interface Address {
  readonly ref: ExecutionRef;
  readonly startId: string;
  /** Name of the flow. */
  readonly flow: string;
  readonly revision: number;
  /** The key that its task tokens are signed with. */
  readonly keyId: string;
}

interface Postmark {
  /** When it was first sent; a bounce keeps it. */
  readonly sentAt: number;
  /** How often it was found in the dead-letter queue. */
  readonly deaths?: number;
  /** Not to be acted on before (ms): set where the queue's delay did not reach. */
  readonly notBefore?: number;
}

/** "Apply this event to this state; it is entry `seq`." */
export interface AdvanceMessage extends Address, Postmark {
  readonly kind: "advance";
  readonly branch: string;
  readonly seq: number;
  readonly state: Packed;
  readonly event: Packed;
  /** Of entry 0 of a root: the header to write if there is none. */
  readonly header?: Header;
}

/** A report: the verdict of the attempt that entry `seq` submitted. */
export interface WakeMessage extends Address, Postmark {
  readonly kind: "wake";
  readonly branch: string;
  readonly seq: number;
  readonly event: Packed;
  readonly reportId: string;
  readonly at: number;
}

/** The time-out of the attempt that entry `seq` submitted. */
export interface DueMessage extends Address, Postmark {
  readonly kind: "due";
  readonly branch: string;
  readonly seq: number;
  readonly reportId: string;
}

/** The fork made by entry `seq` is joined, or has failed: the join item says which. */
export interface JoinMessage extends Address, Postmark {
  readonly kind: "join";
  readonly branch: string;
  readonly seq: number;
}

/** The execution was stopped or has timed out. */
export interface EndedMessage extends Address, Postmark {
  readonly kind: "ended";
  readonly end: Omit<End, "endedAt">;
}

/** The sweeper's measure of the backlog. */
export interface ProbeMessage extends Postmark {
  readonly kind: "probe";
  readonly id: string;
}

export type Message = AdvanceMessage | WakeMessage | DueMessage | JoinMessage | EndedMessage | ProbeMessage;

const KINDS: readonly string[] = ["advance", "wake", "due", "join", "ended", "probe"] satisfies Message["kind"][];

/** The fields that stand on lines of their own. */
const PACKED: { readonly [kind: string]: readonly string[] } = { advance: ["state", "event"], wake: ["event"] };

export function encode(message: Message): string {
  switch (message.kind) {
    case "advance": {
      const { state, event, ...rest } = message;
      return `${JSON.stringify(rest)}\n${state}\n${event}`;
    }
    case "wake": {
      const { event, ...rest } = message;
      return `${JSON.stringify(rest)}\n${event}`;
    }
    default:
      return JSON.stringify(message);
  }
}

/** Throws StepwellError `InvalidMessage` for a text that is no message. */
export function decode(body: string): Message {
  const [head = "", ...packed] = body.split("\n");
  const parsed = parseHead(head);
  const fields = PACKED[parsed.kind] ?? [];
  if (fields.length !== packed.length) throw invalid(body);
  for (const [at, field] of fields.entries()) parsed[field] = packed[at];
  return parsed as unknown as Message;
}

function parseHead(head: string): { kind: string; [field: string]: unknown } {
  try {
    const value: unknown = JSON.parse(head);
    if (
      typeof value === "object" &&
      value !== null &&
      "kind" in value &&
      typeof value.kind === "string" &&
      KINDS.includes(value.kind)
    ) {
      return value as { kind: string };
    }
  } catch {
    // falls through: not JSON is as wrong as another kind
  }
  throw invalid(head);
}

function invalid(text: string): StepwellError {
  return new StepwellError("InvalidMessage", `not a message of Stepwell: ${text.slice(0, 80)}`);
}
