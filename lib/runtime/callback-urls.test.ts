import { expect, it } from "vitest";
import { world } from "./testing/world.ts";
import { readToken } from "./token.ts";

const asks = (source: string) =>
  `version: v1
type: flow
steps:
  - {type: wait, name: before, duration: 5}
  - type: foreach
    name: each
    iterationMapping: {collection: $.list, item: x}
    steps:
      - {type: task, name: ask, resourceArn: "acs:fc:::services/s/functions/mail", pattern: waitForCallback, inputMappings: [{target: to, source: ${source}}]}
`;

async function asking(source: string, callbacks?: () => string | undefined) {
  const mails: unknown[] = [];
  const w = await world({
    flows: { ask: asks(source) },
    functions: { "s/mail": async (event) => void mails.push((event as { to?: unknown }).to) },
    settings: callbacks === undefined ? {} : { callbacks },
  });
  const header = await w.start("ask", { list: [1] });
  await w.workUntil(async () => mails.length > 0 || w.queue.idle());
  return { ...w, header, mails };
}

it.each(["$context.task.callbackUrl", "$context.task", "$context"])(
  "is there for a flow that maps %s",
  async (source) => {
    const { mails, runtime, header } = await asking(source, () => "https://api.example/callbacks/");
    const [, token = ""] = /"?https:\/\/api\.example\/callbacks\/([^"]+)/.exec(JSON.stringify(mails[0])) ?? [];
    expect(readToken(runtime.ports.keys, token).startId).toBe(header.startId);
  },
);

it("is recorded only with the start of a flow that maps it", async () => {
  const { mails, plain, header } = await asking("$context.task.token", () => "https://api.example/callbacks/");
  expect(mails[0]).toEqual(expect.any(String));
  const entry = await plain.journal.readEntry({ startId: header.startId, branch: "", seq: 0 });
  expect(entry?.event).not.toContain("api.example");
});

it("is missing, and the log says so, where there is no API", async () => {
  const { mails, log } = await asking("$context.task.callbackUrl");
  expect(mails).toEqual([undefined]);
  expect(log.join()).toContain("$context.task.callbackUrl is missing");
});

it("begins for the whole execution, and in its history, as it did at the start", async () => {
  let host = "first";
  const { mails, eventsOf, plain, header } = await asking("$context.task.callbackUrl", () => {
    const now = host;
    host = "second";
    return `https://${now}.example/callbacks/`;
  });
  expect(mails).toEqual([expect.stringMatching(/^https:\/\/first\.example\/callbacks\/v1\./)]);
  const events = await eventsOf((await plain.journal.readHeader(header.ref)) ?? header);
  const scheduled = events.find(({ Type }) => Type === "TaskScheduled");
  expect(JSON.parse(scheduled?.EventDetail ?? "{}").input).toEqual({ to: mails[0] });
});
