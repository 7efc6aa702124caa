/** Functions that say that they run by a line in the file of their event, and then take long, block, die, or do not. */
import { appendFileSync } from "node:fs";

interface Event {
  readonly file: string;
  readonly name: string;
  readonly ms?: number;
}

function say({ file, name }: Event): void {
  appendFileSync(file, `${name}\n`);
}

export default {
  quick(event: Event) {
    say(event);
    return event.name;
  },
  async slow(event: Event) {
    say(event);
    await new Promise((resolve) => setTimeout(resolve, event.ms));
    return event.name;
  },
  block(event: Event) {
    say(event);
    const until = Date.now() + (event.ms ?? 0);
    while (Date.now() < until);
    return event.name;
  },
  die(event: Event) {
    say(event);
    process.kill(process.pid, "SIGKILL");
  },
};
