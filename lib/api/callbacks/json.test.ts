/** Callbacks as programs use them: JSON in, JSON out. */
import { expect, it } from "vitest";
import { callbackWorld } from "../testing/callback-world.ts";

const completed = { Code: "TaskAlreadyCompleted", Status: "completed" };
const expired = { Code: "TaskAlreadyCompleted", Status: "expired" };
const unknown = { Code: "TaskNotExists", Status: "unknown" };

it.each([
  ['{"ok": true}', '{"ok":true}'],
  ["", "{}"],
  [" \n", "{}"],
])("takes a success with the body %j", async (body, Output) => {
  const { post, describe, events } = await callbackWorld();
  const answer = await post("success", body);
  expect(answer).toEqual({
    status: 200,
    body: { RequestId: expect.any(String), Status: "accepted", EventId: expect.any(Number) },
  });
  expect(await describe(60)).toMatchObject({ Status: "Succeeded", Output });
  expect(await events()).toContainEqual(
    expect.objectContaining({ EventId: answer.body.EventId, Type: "TaskSucceeded" }),
  );
});

it.each(["null", "7", '"text"', "[1]"])("takes %s, which is no object, as ReportTaskSucceeded does", async (body) => {
  const { post } = await callbackWorld();
  expect(await post("success", body)).toMatchObject({ status: 200, body: { Status: "accepted" } });
});

it("takes a failure with its error and cause", async () => {
  const { post, describe, events } = await callbackWorld();
  expect((await post("failure", '{"error":"Rejected","cause":"too dear"}')).status).toBe(200);
  expect((await describe(60)).Status).toBe("Failed");
  const { EventDetail } = (await events()).find(({ Type }: { Type: string }) => Type === "TaskFailed");
  expect(JSON.parse(EventDetail)).toMatchObject({ error: "Rejected", cause: "too dear" });
});

it("keeps a task alive that beats", async () => {
  const { post, clock, describe } = await callbackWorld("beating");
  for (let beat = 0; beat < 5; beat++) {
    await clock.pass(8_000);
    expect(await post("heartbeat")).toEqual({
      status: 200,
      body: { RequestId: expect.any(String), Status: "accepted" },
    });
  }
  expect((await describe()).Status).toBe("Running");
  await clock.pass(11_000);
  expect(await post("heartbeat")).toMatchObject({ status: 400, body: expired });
});

it("tells that a task needs no heartbeats from one that there is not", async () => {
  const { post } = await callbackWorld();
  expect(await post("heartbeat")).toMatchObject({ status: 400, body: { Code: "InvalidArgument" } });
  expect(await post("heartbeat", "", "/callbacks/t")).toMatchObject({ status: 404, body: unknown });
});

it("takes the first of two posts, also when both come at once", async () => {
  const { post, token, handle, clock } = await callbackWorld();
  const request = { method: "POST", target: `/callbacks/${token}/success`, headers: {}, body: "{}" };
  const answers = await clock.runUntil(Promise.all([handle(request), handle(request)]));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  for (const verb of ["success", "heartbeat"]) {
    expect(await post(verb)).toMatchObject({ status: 400, body: completed });
  }
  const failure = await post("failure", '{"error":"E"}');
  expect(failure).toMatchObject({ status: 400, body: { ...completed, Message: "This task has already completed." } });
  expect(JSON.stringify(failure.body)).not.toContain(token);
});

it("tells a task that timed out, and one whose execution was stopped, from one that was completed", async () => {
  const late = await callbackWorld("short");
  await late.clock.pass(11_000);
  expect(await late.post("success")).toMatchObject({
    status: 400,
    body: { ...expired, Message: expect.stringContaining("timed out") },
  });
  const stopped = await callbackWorld();
  await stopped.stop();
  expect(await stopped.post("success")).toMatchObject({
    status: 400,
    body: { ...expired, Message: expect.stringContaining("execution has ended") },
  });
});

it("answers a look with how the task stands", async () => {
  const look = async ({ send, token }: Awaited<ReturnType<typeof callbackWorld>>) =>
    send({ target: `/callbacks/${token}`, headers: { accept: "application/json" } });
  const of = { RequestId: expect.any(String), FlowName: "plain", ExecutionName: "e1" };
  const world = await callbackWorld();
  expect(await look(world)).toEqual({ status: 200, body: { ...of, Status: "waiting", StepName: "approve" } });
  await world.post("success");
  expect(await look(world)).toEqual({ status: 200, body: { ...of, Status: "completed" } });
  const stopped = await callbackWorld();
  await stopped.stop();
  expect(await look(stopped)).toEqual({ status: 200, body: { ...of, Status: "expired" } });
  expect(await stopped.send({ target: "/callbacks/t" })).toMatchObject({ status: 404, body: unknown });
});

it("does not know the token of another deployment, a changed one, or what can be none", async () => {
  const { post, token, faults } = await callbackWorld();
  const other = `${token.slice(0, -8)}AAAAAAAA`;
  const tokens = [
    other,
    token.slice(1),
    "t",
    "__proto__",
    "..%2f..",
    "%00",
    "%ff",
    "a%",
    "%E2%82",
    "é",
    "<b>",
    "a+b=~*",
    "v1.e30.x",
  ];
  for (const text of [...tokens, "x".repeat(5_000), `v1.${Buffer.from("[1,2,3,4,5,6,7,8]").toString("base64url")}.x`]) {
    for (const [verb, body] of [
      ["success", "{}"],
      ["failure", '{"error":"E"}'],
      ["heartbeat", ""],
    ] as const) {
      expect([text, await post(verb, body, `/callbacks/${text}`)]).toMatchObject([
        text,
        { status: 404, body: unknown },
      ]);
    }
  }
  expect(faults).toEqual([]);
});

it("knows a token that a mail program encoded", async () => {
  const { post, token } = await callbackWorld();
  const encoded = [...token].map((char) => `%${char.charCodeAt(0).toString(16)}`).join("");
  expect(await post("success", "{}", `/callbacks/${encoded}`)).toMatchObject({ status: 200 });
});

it.each([
  ["success", "{'a':1}", {}, "InvalidArgument", 400],
  ["success", "[".repeat(1_001) + "]".repeat(1_001), {}, "InvalidArgument", 400],
  ["success", '{"a":1}', { "content-type": "text/plain" }, "UnsupportedMediaType", 415],
  ["success", "{}", { "content-encoding": "gzip" }, "UnsupportedMediaType", 415],
  ["success", '{"ok":true}', { "content-type": "application/x-www-form-urlencoded" }, "InvalidArgument", 400],
  ["success", "output=%7B", { "content-type": "application/x-www-form-urlencoded" }, "InvalidArgument", 400],
  ["success", "output=%ff", { "content-type": "application/x-www-form-urlencoded" }, "InvalidArgument", 400],
  ["failure", "", {}, "MissingRequiredParams", 400],
  ["failure", "{}", {}, "MissingRequiredParams", 400],
  ["failure", "[]", {}, "InvalidArgument", 400],
  ["failure", '{"error":""}', {}, "InvalidArgument", 400],
  ["failure", '{"error":7}', {}, "InvalidArgument", 400],
  ["failure", '{"error":"E","cause":null}', {}, "InvalidArgument", 400],
  ["failure", '{"error":"E","reason":"x"}', {}, "InvalidArgument", 400],
  ["failure", '{"error":"E","__proto__":"x"}', {}, "InvalidArgument", 400],
  ["failure", '{"error":"\\ud800"}', {}, "InvalidArgument", 400],
  ["failure", JSON.stringify({ error: "E".repeat(129) }), {}, "InvalidArgument", 400],
  ["failure", JSON.stringify({ error: "E", cause: "c".repeat(4_097) }), {}, "InvalidArgument", 400],
  ["retry", "{}", {}, "ActionNotSupported", 400],
  ["success/", "{}", {}, "ActionNotSupported", 400],
])("refuses a %s of %.30s with %j, and the task waits on", async (verb, body, headers, Code, status) => {
  const { send, token, describe } = await callbackWorld();
  const answer = await send({ method: "POST", target: `/callbacks/${token}/${verb}`, headers, body });
  expect(answer).toMatchObject({ status, body: { Code } });
  expect(Object.keys(answer.body)).toEqual(["RequestId", "Code", "Message"]);
  expect((await describe()).Status).toBe("Running");
});

it.each([
  ["POST", "", "GET, HEAD"],
  ["PUT", "/success", "GET, HEAD, POST"],
  ["DELETE", "/failure", "GET, HEAD, POST"],
  ["OPTIONS", "/success", "GET, HEAD, POST"],
  ["GET", "/heartbeat", "POST"],
  ["HEAD", "/heartbeat", "POST"],
])("refuses %s of a task%s and says what there is", async (method, verb, allow) => {
  const { respond, token, describe } = await callbackWorld();
  const { status, headers, body } = await respond({ method, target: `/callbacks/${token}${verb}` });
  expect([status, headers.allow]).toEqual([405, allow]);
  expect(JSON.parse(body)).toEqual({
    RequestId: expect.any(String),
    Code: "ActionNotSupported",
    Message: expect.stringContaining("Method"),
  });
  expect((await describe()).Status).toBe("Running");
});

it("tells nothing, not even a refusal, before all is settled", async () => {
  let fail = false;
  const world = await callbackWorld("plain", {
    settled: async () => {
      if (fail) throw new Error("disk");
    },
  });
  fail = true;
  for (const verb of ["success", "success"]) {
    expect(await world.post(verb)).toMatchObject({ status: 500, body: { Code: "InternalServerError" } });
  }
  expect(world.faults).toHaveLength(2);
});

it("answers other paths as before, and lets no foreign page at the actions by way of a callback", async () => {
  const { send, token } = await callbackWorld();
  for (const target of ["/callbacks", "/callbacks/", "/other"]) {
    expect(await send({ target })).toMatchObject({ status: 400, body: { Code: "ActionNotSupported" } });
  }
  const headers = { host: "evil.example", origin: "http://evil.example" };
  const listing = "Action=ListFlows&Version=2019-03-15";
  expect(await send({ target: `/?${listing}`, headers })).toMatchObject({ status: 403 });
  const { body } = await send({ target: `/callbacks/${token}?${listing}`, headers });
  expect(body).toMatchObject({ Status: "waiting" });
  expect(body).not.toHaveProperty("Flows");
});
