import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { installed } from "./installed.ts";

const { write, flow, functions, stepwell, folder } = installed();

describe("sub-flows", () => {
  const child = () =>
    write(
      "child.yml",
      "version: v1\ntype: flow\nsteps:\n  - {type: pass, name: c, outputMappings: [{target: b, source: $input.a}]}\n",
    );

  test("--flow gives them by name; the parent waits for a sync one, whose steps are shown", async () => {
    const path = flow("  - {type: task, name: sub, pattern: sync, resourceArn: 'acs:fnf:::flow/other'}");
    const { stdout, stderr } = await stepwell(["run", path, "--flow", `other=${child()}`, "-i", '{"a":3}']);
    expect(JSON.parse(stdout)).toEqual({ b: 3 });
    expect(stderr).toContain("→ other › c");
  });

  test("a flow may start itself", async () => {
    write(
      "down.yml",
      `version: v1
type: flow
steps:
  - type: choice
    name: more
    choices:
      - condition: $.n > 0
        steps:
          - type: task
            name: again
            pattern: sync
            resourceArn: acs:fnf:::flow/down
            inputMappings: [{target: n, source: $input.next}]
`,
    );
    const { code, stderr } = await stepwell(["run", "down.yml", "-i", '{"n":1,"next":0}']);
    expect(stderr).toContain("→ down › more");
    expect(code).toBe(0);
  });

  test("one that is not waited for runs to its end before the command exits, and its failure changes nothing", async () => {
    const slow = write(
      "slow.yml",
      "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: nap, duration: 1}\n  - {type: fail, name: f}\n",
    );
    const path = flow(
      "  - {type: task, name: sub, resourceArn: 'acs:fnf:::flow/slow', outputMappings: [{target: x, source: 1}]}",
    );
    const { code, stdout, stderr } = await stepwell(["run", path, "--flow", `slow=${slow}`]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ x: 1 });
    expect(stderr).toContain("✗ slow › f");
  });

  test("one that is not waited for, and waits for a report that nobody gives, does not hold up the command", async () => {
    const ask =
      "  - {type: task, name: ask, pattern: waitForCallback, resourceArn: 'acs:mns:::/queues/q/messages', serviceParams: {MessageBody: x}}";
    const path = flow(
      "  - {type: task, name: sub, resourceArn: 'acs:fnf:::flow/asks', outputMappings: [{target: x, source: 1}]}",
    );
    const { code, stdout } = await stepwell(["run", path, "--flow", `asks=${flow(ask)}`]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ x: 1 });
  });

  test("one that is not waited for can be stopped", async () => {
    const slow = write("year.yml", "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: nap, duration: 86400}\n");
    const path = flow(
      "  - {type: task, name: sub, resourceArn: 'acs:fnf:::flow/year', outputMappings: [{target: x, source: 1}]}",
    );
    const { code, stdout } = await stepwell(["run", path, "--flow", `year=${slow}`], {
      // Once the parent is over too: the child may be there before it.
      when: [[/… year › nap[\s\S]*✓ sub|✓ sub[\s\S]*… year › nap/, (child) => child.kill("SIGINT")]],
    });
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toEqual({ x: 1 });
  });

  test("one that is not there is a warning beforehand and an error of the task", async () => {
    const path = flow("  - {type: task, name: sub, resourceArn: 'acs:fnf:::flow/nowhere'}");
    const { code, stderr } = await stepwell(["run", path]);
    expect(code).toBe(1);
    expect(stderr).toContain('warning: there is no flow "nowhere": give it with --flow nowhere=FILE\n');
    expect(stderr).toContain("error: FnF.FlowNotExists\n");
  });

  test("an asynchronous function runs to its end, and one with pattern sync gives its result", async () => {
    const module = functions(`
      import { writeFileSync } from "node:fs";
      const later = () => new Promise((resolve) => setTimeout(resolve, 300));
      export default {
        job: async () => { await later(); return { done: true }; },
        aside: async () => { await later(); writeFileSync("aside.txt", "written"); },
      };`);
    const path = flow(`
  - {type: task, name: job, pattern: sync, resourceArn: 'arn:aws:lambda:::function:job', serviceParams: {InvocationType: Async}}
  - {type: task, name: aside, resourceArn: 'arn:aws:lambda:::function:aside', serviceParams: {InvocationType: Async}}
`);
    const { stdout } = await stepwell(["run", path, "-f", module]);
    expect(JSON.parse(stdout)).toEqual({ done: true });
    expect(readFileSync(`${folder}/aside.txt`, "utf8")).toBe("written");
  });
});
