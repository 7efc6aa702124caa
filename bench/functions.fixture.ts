/** The functions of the flows that are measured. */
export default {
  "bench/step": () => ({ n: 1 }),
  async "bench/post-token"({ desk, key, token }: { desk: string; key: string; token: string }) {
    await fetch(desk, { method: "POST", body: JSON.stringify({ key, token }) });
  },
};
