/** What a golden journal is recorded from. */
import type { Json } from "../../fdl/json.ts";
import { TaskError, type World } from "../testing/play.ts";

export interface Scenario {
  readonly definition: string;
  /** Made anew for each play: its functions may count. */
  readonly world: () => World;
}

export const START = Date.parse("2024-01-01T00:00:00.000Z");

/** Answers one after another; an answer that is an error is thrown. */
export function inTurn(...answers: readonly (Json | TaskError)[]): () => Json | undefined {
  const rest = [...answers];
  return () => {
    const answer = rest.shift();
    if (answer instanceof TaskError) throw answer;
    return answer;
  };
}
