/** What somebody else does between two calls of the run: and what that makes of the run's end. */
import type { Answer } from "../../lib/sim/callers.ts";
import { turn } from "../../lib/sim/clock.ts";
import type { World } from "../../lib/sim/world.ts";
import { EXECUTION, type Meanwhile, type Scenario } from "./scenario.ts";

/** What was done, and what the answer was; undefined: there was nothing to do it to. */
export interface Interference {
  kind?: Meanwhile;
  answer?: string;
  /** Whoever did it died over it and did it again: the answer is that of the second time. */
  repeated?: boolean;
}

export const STOP = { error: "Halt", cause: "somebody stopped it" };
const REPORTED = { kind: "succeeded", output: { answer: 99 } } as const;
const RIVAL_INPUT = { n: 500 };

export function interference(scenario: Scenario): {
  readonly done: Interference;
  act(world: World, kind: Meanwhile): Promise<void>;
} {
  const done: Interference = {};
  return {
    done,
    async act(world, kind) {
      const answer = await perform(world, scenario, kind);
      // What follows from it happens before the call that was held up; in a loop without end that would take for ever.
      if (!scenario.unending) await world.still(turn());
      if (answer === undefined) return;
      done.kind = kind;
      done.answer = answer.code;
      done.repeated = answer.repeated;
    },
  };
}

async function perform({ callers, witness }: World, { name }: Scenario, kind: Meanwhile): Promise<Answer | undefined> {
  switch (kind) {
    case "stop":
      return callers.stop({ flow: name, name: EXECUTION, ...STOP });
    case "stop-child": {
      const child = [...witness.headers.values()].find(({ flow, status }) => flow !== name && status === "Running");
      return child && callers.stop({ flow: child.flow, name: child.ref.name, ...STOP });
    }
    case "report": {
      const token = [...witness.tokens].at(-1);
      return token === undefined ? undefined : callers.report(token, REPORTED);
    }
    case "heartbeat": {
      const token = [...witness.tokens].at(-1);
      return token === undefined ? undefined : callers.heartbeat(token);
    }
    case "rival":
      return callers.start({ flow: name, name: EXECUTION, input: RIVAL_INPUT });
    default:
      return kind satisfies never;
  }
}
