/** Queues and topics of a run: there are none, so what tasks send is accepted and shown. */
import { recordingDestinations } from "../../memory/destinations.ts";
import { randomIds } from "../../memory/ids.ts";
import type { Destinations } from "../../runtime/ports/destinations.ts";

/** Longest body that is shown, characters. */
const LONGEST = 500;

export function printedDestinations(say: (line: string) => void): Destinations {
  const accepted = recordingDestinations({ ids: randomIds() });
  return {
    async send(call, context) {
      const result = await accepted.send(call, context);
      if (result.kind === "succeeded") {
        const { body } = call.message;
        const shown = body.length > LONGEST ? `${body.slice(0, LONGEST)}… (${body.length} characters)` : body;
        say(`${context.step} sent to ${call.kind} ${call.kind === "queue" ? call.queue : call.topic}: ${shown}`);
      }
      return result;
    },
  };
}
