/** Greets whom the schedule's payload names. */
interface Tick {
  readonly triggerTime: string;
  readonly payload?: { readonly name?: string };
}

export default {
  "service-CD946B9A9F36/hello": ({ triggerTime, payload }: Tick) => ({
    message: `Hello ${payload?.name ?? "world"}, it is ${triggerTime}.`,
  }),
};
