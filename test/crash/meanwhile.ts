/** What somebody else does between two calls of the run: and what that makes of the run's end. */
import { turn } from "../../lib/sim/clock.ts";
import type { World } from "../../lib/sim/world.ts";
import { EXECUTION, type Meanwhile, type Scenario } from "./scenarios.ts";

/** What was done, and what the answer was; undefined: there was nothing to do it to. */
export interface Interference {
  kind?: Meanwhile;
  answer?: string;
}

export const STOP = { error: "Halt", cause: "somebody stopped it" };
export const REPORTED = { kind: "succeeded", output: { answer: 99 } } as const;
export const RIVAL_INPUT = { n: 500 };

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
      done.answer = answer;
    },
  };
}

async function perform({ callers, witness }: World, { name }: Scenario, kind: Meanwhile): Promise<string | undefined> {
  switch (kind) {
    case "stop":
      return (await callers.stop({ flow: name, name: EXECUTION, ...STOP })).code;
    case "stop-child": {
      const child = [...witness.headers.values()].find(({ flow, status }) => flow !== name && status === "Running");
      return child && (await callers.stop({ flow: child.flow, name: child.ref.name, ...STOP })).code;
    }
    case "report": {
      const token = [...witness.tokens].at(-1);
      return token && (await callers.report(token, REPORTED)).code;
    }
    case "heartbeat": {
      const token = [...witness.tokens].at(-1);
      return token && (await callers.heartbeat(token)).code;
    }
    case "rival":
      return (await callers.start({ flow: name, name: EXECUTION, input: RIVAL_INPUT })).code;
    default:
      return kind satisfies never;
  }
}
