import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseFlow } from "../../fdl/parse.ts";
import { diagramOf } from "./diagram.ts";
import { mermaid } from "./mermaid.ts";

/** The flowchart of a flow with these steps, without its first line and its indentation of two. */
function drawn(steps: string): string {
  const { flow, problems } = parseFlow(`version: v1\ntype: flow\nsteps:\n${steps}`);
  if (flow === undefined) throw new Error(JSON.stringify(problems));
  const [first, ...lines] = mermaid(diagramOf(flow)).split("\n");
  expect(first).toBe("flowchart TD");
  expect(lines.pop()).toBe("");
  return lines.map((line) => line.slice(2)).join("\n");
}

describe("each kind of step", () => {
  test("a task shows what it calls and how, its catches are dotted", () => {
    expect(
      drawn(`
  - type: task
    name: pay
    resourceArn: acs:fc:::services/shop.live/functions/pay
    timeoutSeconds: 30
    retry: [{errors: [FnF.ALL]}]
    catch: [{errors: [CardDeclined, NoFunds], goto: tell}, {errors: [FnF.ALL], goto: pay}]
    end: true
  - {type: task, name: tell, resourceArn: 'acs:mns:::/topics/news/messages', pattern: waitForCallback, serviceParams: {MessageBody: x}}
`),
    ).toBe(`start(["start"])
s1["pay<br/>shop.live/pay (retried, at most 30 s)"]
s2["tell<br/>topic news (waitForCallback)"]
finish(["end"])
start --> s1
s1 --> finish
s1 -.->|"CardDeclined, NoFunds"| s2
s1 -.->|"FnF.ALL"| s1
s2 --> finish`);
  });

  test.each([
    ["arn:aws:lambda:eu-west-1:1:function:ship:live", "ship:live"],
    ["arn:aws:sqs:eu-west-1:1:mails", "queue mails"],
    ["acs:fnf:::flow/refund", "flow refund"],
  ])("a task of %s says %s", (arn, text) => {
    expect(drawn(`  - {type: task, name: t, resourceArn: '${arn}', serviceParams: {MessageBody: x}}`)).toContain(
      `s1["t<br/>${text}"]`,
    );
  });

  test("pass, wait, succeed, fail", () => {
    expect(
      drawn(`
  - {type: pass, name: set}
  - {type: wait, name: nap, duration: 60}
  - {type: wait, name: until, timestamp: $.when}
  - {type: succeed, name: done}
  - {type: fail, name: broken, error: TooLate, cause: never mind}
`),
    ).toBe(`start(["start"])
s1[/"set"/]
s2("nap<br/>wait 60 s")
s3("until<br/>wait until $.when")
s4(["done"])
s5[["broken<br/>TooLate"]]
finish(["end"])
start --> s1
s1 --> s2
s2 --> s3
s3 --> s4
s4 --> finish`);
  });

  test("a choice: conditions on the arrows, steps and jumps behind them", () => {
    expect(
      drawn(`
  - type: choice
    name: which
    choices:
      - condition: $.n > 1 && $.s == "x"
        steps: [{type: pass, name: inner}]
        goto: last
      - condition: $.ok
        goto: which
      - condition: $.z
        steps: [{type: pass, name: z}, {type: fail, name: f}]
  - {type: pass, name: middle}
  - {type: pass, name: last}
`),
    ).toBe(`start(["start"])
s1{"which"}
s2[/"inner"/]
s3[/"z"/]
s4[["f"]]
s5[/"middle"/]
s6[/"last"/]
finish(["end"])
start --> s1
s1 -->|"$.n #62; 1 #38;#38; $.s == #34;x#34;"| s2
s2 --> s6
s1 -->|"$.ok"| s1
s1 -->|"$.z"| s3
s3 --> s4
s1 -->|"otherwise"| s5
s5 --> s6
s6 --> finish`);
  });

  test("a default is an arrow like the others, end: true leaves the list", () => {
    expect(
      drawn(`
  - {type: choice, name: c, end: true, choices: [{condition: $.a, goto: b}], default: {steps: [{type: pass, name: d}]}}
  - {type: pass, name: b}
`),
    ).toContain(`s1 -->|"$.a"| s3
s1 -->|"default"| s2
s2 --> finish
s3 --> finish`);
  });

  test("the branches of a parallel step and the body of a foreach are boxes within its box", () => {
    expect(
      drawn(`
  - type: parallel
    name: both
    branches:
      - steps:
          - {type: pass, name: left}
          - type: foreach
            name: each
            concurrency: 5
            iterationMapping: {collection: $.items, item: item}
            steps: [{type: pass, name: one}]
      - steps: [{type: succeed, name: right}]
    catch: [{errors: [FnF.ALL], goto: both}]
`),
    ).toBe(`start(["start"])
subgraph s1g["both"]
  s1{{"both<br/>2 branches"}}
  subgraph s1b1["branch 0"]
    s2[/"left"/]
    subgraph s3g["each"]
      s3{{"each<br/>for each of $.items, 5 at a time"}}
      subgraph s3i["each item"]
        s4[/"one"/]
      end
      s3j(("join"))
    end
  end
  subgraph s1b2["branch 1"]
    s5(["right"])
  end
  s1j(("join"))
end
finish(["end"])
start --> s1
s1 --> s2
s2 --> s3
s3 --> s4
s4 --> s3j
s3j --> s1j
s1 --> s5
s5 --> s1j
s1j --> finish
s1 -.->|"FnF.ALL"| s1`);
  });
});

describe("names that mean something to Mermaid, Markdown or HTML", () => {
  test.each([
    ['say "hi"', "say #34;hi#34;"],
    ["<script>", "#60;script#62;"],
    ["a|b;c%%d#e&f`g\\", "a#124;b#59;c#37;#37;d#35;e#38;f#96;g#92;"],
    ["1. first", "1#46; first"],
    ["- item", "#45; item"],
    ["_private_", "#95;private#95;"],
    ["snake_case", "snake_case"],
    ["two\n\tlines", "two lines"],
    ["退款 naïve", "退款 naïve"],
    ["🚀", "#128640;"],
    ["end", "end"],
    ["**bold**", "#42;#42;bold#42;#42;"],
    ["x".repeat(128), `${"x".repeat(120)}…`],
  ])("%j", (name, label) => {
    expect(drawn(`  - {type: pass, name: ${JSON.stringify(name)}}`)).toContain(`s1[/"${label}"/]`);
  });

  test("no name can break the lines of a flowchart", () => {
    const line =
      /^ *(?:flowchart TD|end|subgraph [a-z0-9]+\["[^"]*"\]|[a-z0-9]+(?:\["[^"]*"\]|\[\/"[^"]*"\/\]|\(\["[^"]*"\]\)|\{"[^"]*"\})|[a-z0-9]+ -->(?:\|"[^"]*"\|)? [a-z0-9]+)$/u;
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (name) => {
        const step = { type: "pass" as const, name, end: false };
        const flow = { pinAliases: false, steps: [step, { type: "choice" as const, name, end: false, choices: [] }] };
        const text = mermaid(diagramOf(flow));
        for (const one of text.trimEnd().split("\n")) expect(one).toMatch(line);
      }),
      { numRuns: 1_000 },
    );
  });

  test("the same flow is always drawn the same", () => {
    const steps = "  - {type: pass, name: a}\n  - {type: pass, name: b}\n";
    expect(drawn(steps)).toBe(drawn(steps));
  });
});
