import { describe, expect, it } from "vitest";
import { tokenOf } from "./drive.ts";
import { flowOf } from "./flow.ts";
import { play, TaskError, type World } from "./play.ts";
import { numbered } from "./timeline.ts";

const task = (arn: string, more = "") => flowOf(`steps: [{type: task, name: t, resourceArn: "${arn}"${more}}]`);
const FC = "acs:fc:::services/s/functions/f";

describe("play", () => {
  it.each([
    ["s/f", FC],
    ["f", FC],
    [FC, FC],
    ["g", "arn:aws:lambda:us-east-1:123456789012:function:g"],
  ])("finds a function as %s", (name, arn) => {
    expect(play(task(arn), { functions: { [name]: () => ({ ok: true }) } }).output).toEqual({ ok: true });
  });

  it("says which function is not scripted", () => {
    expect(() => play(task(FC), { functions: {} })).toThrow(`No function is scripted for ${FC}.`);
    expect(() => play(task(FC))).toThrow("No function is scripted");
  });

  it("hands a function its payload and its attempt", () => {
    const seen: unknown[] = [];
    play(task(FC), {
      input: { a: 1 },
      startedAt: 7,
      functions: {
        f: (payload, { call: _, ...attempt }) => {
          seen.push(payload, attempt);
          return {};
        },
      },
    });
    expect(seen).toEqual([
      { a: 1 },
      {
        step: "t",
        resourceArn: FC,
        retryCount: 0,
        pattern: "requestResponse",
        token: tokenOf("", 0),
        branch: "",
        seq: 0,
        time: 7,
      },
    ]);
  });

  it("lets queues and topics answer by their names", () => {
    const answer = (kind: string) => () => ({ kind });
    const world: World = { queues: { q: answer("queue") }, topics: { q: answer("topic") } };
    const params = ", serviceParams: {MessageBody: x}";
    expect(play(task("acs:mns:::/queues/q/messages", params), world).output).toEqual({ kind: "queue" });
    expect(play(task("acs:mns:::/topics/q/messages", params), world).output).toEqual({ kind: "topic" });
  });

  it("does not take a name for a property of every object", () => {
    expect(play(task("acs:fnf:::flow/constructor"), { flows: {} }).error).toBe("FnF.FlowNotExists");
  });

  it("passes on an error that is no task error", () => {
    const f = () => {
      throw new TypeError("a bug");
    };
    expect(() => play(task(FC), { functions: { f } })).toThrow(new TypeError("a bug"));
  });

  it("gives a child flow its names and its parent's time, and goes on when it ended", () => {
    const child = flowOf(`
steps:
  - {type: wait, name: w, duration: 5}
  - {type: pass, name: p, outputMappings: [{target: f, source: $context.flow.name}, {target: x, source: $context.execution.name}]}
`);
    const { output, time } = play(task("acs:fnf:::flow/child", ", pattern: sync"), {
      flows: { child },
      startedAt: 100,
    });
    expect({ output, time }).toEqual({ output: { f: "child", x: "child::0" }, time: 5100 });
  });

  const callback = (more: string) => task(FC, `, pattern: waitForCallback${more}`);

  it.each<[string, number | undefined, string, number]>([
    [", timeoutSeconds: 10", 4, "Succeeded", 4000],
    [", timeoutSeconds: 10", 10, "Failed", 10_000],
    [", timeoutSeconds: 10", undefined, "Failed", 10_000],
    [", timeoutSeconds: 10, heartbeatSeconds: 3", 4, "Failed", 3000],
    [", heartbeatSeconds: 5", 4, "Succeeded", 4000],
    ["", 4, "Succeeded", 4000],
  ])("with%s and a report after %s s: %s", (more, after, status, time) => {
    const verdicts = () => (after === undefined ? undefined : ({ kind: "succeeded", output: {}, after } as const));
    expect(play(callback(more), { functions: { f: () => ({}) }, verdicts })).toMatchObject({ status, time });
  });

  it("does not wait for ever for a report", () => {
    expect(() => play(callback(""), { functions: { f: () => ({}) } })).toThrow(
      'Nobody reports on step "t", and it has no time-out.',
    );
  });

  it("does not loop for ever", () => {
    const loop = flowOf('steps: [{type: choice, name: c, choices: [{condition: "true", goto: c}]}]');
    expect(() => play(loop, { maxTransitions: 3 })).toThrow('Branch "" did not end within 3 transitions.');
  });

  it("takes a failure of an asynchronous function for its verdict", () => {
    const flow = task(FC, ", pattern: sync, serviceParams: {InvocationType: Async}");
    const f = () => {
      throw new TaskError("E", "why");
    };
    expect(play(flow, { functions: { f } })).toMatchObject({ error: "E", cause: "why" });
    expect(play(flow, { functions: { f: () => undefined } })).toMatchObject({ output: {} });
  });
});

describe("flowOf", () => {
  it("says what is wrong with a definition", () => {
    expect(() => flowOf("steps: [{type: nothing, name: a}]")).toThrow(/^line 3: .*nothing/);
  });

  it("takes a whole definition as well as its steps", () => {
    expect(flowOf("version: v1\ntype: flow\nsteps: [{type: pass, name: a}]")).toEqual(
      flowOf("steps: [{type: pass, name: a}]"),
    );
  });
});

describe("numbered", () => {
  it("refuses an event that comes before its cause", () => {
    const event = {
      id: 1,
      cause: { in: "branch", id: 5 },
      type: "StepEntered",
      step: "a",
      time: 0,
      detail: {},
    } as const;
    expect(() => numbered([{ branch: "", event }])).toThrow('Event 1 of branch "" comes before its cause.');
  });
});
