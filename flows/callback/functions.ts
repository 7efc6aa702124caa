/** A function that returns its input. */
export default {
  "fnf-demo/echo": (event: unknown) => event,
};
