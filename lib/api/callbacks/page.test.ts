/** Callbacks as people use them: links, pages, forms. */
import { expect, it } from "vitest";
import { BROWSER, callbackWorld, FORM } from "../testing/callback-world.ts";

/** The text of a page's heading. */
function heading(body: string): string | undefined {
  return /<h1>(.*?)<\/h1>/s.exec(body)?.[1];
}

it.each([
  ["", "Confirm “approve”?", ["success", "failure"]],
  ["/success", "Confirm “approve”?", ["success"]],
  ["/failure", "Report a failure of “approve”?", ["failure"]],
])("shows at the address%s what it is about, and asks", async (verb, title, verbs) => {
  const { browse, token } = await callbackWorld();
  const { status, headers, body } = await browse(`/callbacks/${token}${verb}`);
  expect([status, headers["content-type"], heading(body)]).toEqual([200, "text/html; charset=utf-8", title]);
  for (const text of ["plain", "e1", "approve"]) expect(body).toContain(`<dd>${text}</dd>`);
  const base = `http://h/callbacks/${token}${verb}`;
  const actions = [...body.matchAll(/<form method="post" action="([^"]*)">/g)].map(([, to = ""]) => new URL(to, base));
  expect(actions.map(({ pathname }) => pathname)).toEqual(verbs.map((one) => `/callbacks/${token}/${one}`));
});

it("leaves the task waiting however often a link is followed, by whatever method but POST", async () => {
  const { respond, token, describe, journal } = await scanned();
  const before = journal.writes;
  for (const method of ["GET", "HEAD", "GET", "OPTIONS", "PUT"]) {
    for (const verb of ["", "/success", "/failure", "/heartbeat"]) {
      for (const accept of [BROWSER, "*/*", "application/json"]) {
        const target = `/callbacks/${token}${verb}?confirm=true&output=%7B%7D`;
        await respond({ method, target, headers: { accept, "user-agent": "MailScanner" } });
      }
    }
  }
  expect(journal.writes).toBe(before);
  expect((await describe()).Status).toBe("Running");
});

/** A world that counts what is written. */
async function scanned() {
  const counts = { writes: 0 };
  const world = await callbackWorld("plain", {
    journal: (journal) =>
      new Proxy(journal, {
        get(target, name, receiver) {
          if (!/^(?:read|list)/.test(String(name))) counts.writes += 1;
          return Reflect.get(target, name, receiver);
        },
      }),
  });
  return { ...world, journal: counts };
}

it("answers HEAD as GET, for the carrier to drop the body", async () => {
  const { browse, token } = await callbackWorld();
  const [get, head] = [await browse(`/callbacks/${token}`), await browse(`/callbacks/${token}`, { method: "HEAD" })];
  expect([head.status, head.headers]).toEqual([get.status, get.headers]);
});

it("takes the form's post from the page as browsers send it, and says so", async () => {
  const { browse, token, describe } = await callbackWorld();
  const post = (body: string) =>
    browse(`/callbacks/${token}/success`, {
      method: "POST",
      // A page without referrer posts with no origin.
      headers: { ...FORM, origin: "null", "sec-fetch-site": "same-origin", host: "stepwell.example" },
      body,
    });
  const first = await post("output=%7B%0D%0A%22by%22%3A+%22Ann%22%7D");
  expect([first.status, heading(first.body)]).toEqual([200, "Accepted"]);
  expect(await describe(60)).toMatchObject({ Status: "Succeeded", Output: '{"by":"Ann"}' });
  const second = await post("output=%7B%7D");
  expect([second.status, heading(second.body)]).toEqual([400, "Already completed"]);
});

it("completes with an empty object when the page's text area is as it was, or empty", async () => {
  for (const body of ["output=%7B%7D", "output="]) {
    const { browse, token, describe } = await callbackWorld();
    await browse(`/callbacks/${token}/success`, { method: "POST", headers: FORM, body });
    expect(await describe(60)).toMatchObject({ Status: "Succeeded", Output: "{}" });
  }
});

it("reports the failure that a person wrote", async () => {
  const { browse, token, describe, events } = await callbackWorld();
  const body = "error=Rejected&cause=too%0D%0Adear+%3Cb%3E";
  const { status, body: page } = await browse(`/callbacks/${token}/failure`, { method: "POST", headers: FORM, body });
  expect([status, heading(page)]).toEqual([200, "Accepted"]);
  expect((await describe(60)).Status).toBe("Failed");
  const { EventDetail } = (await events()).find(({ Type }: { Type: string }) => Type === "TaskFailed");
  expect(JSON.parse(EventDetail)).toMatchObject({ error: "Rejected", cause: "too\ndear <b>" });
});

it("tells completed, expired and unknown apart, and shows no form", async () => {
  const done = await callbackWorld();
  await done.post("success");
  const late = await callbackWorld("short");
  await late.clock.pass(11_000);
  for (const [{ browse }, target, status, title] of [
    [done, `/callbacks/${done.token}`, 200, "Already completed"],
    [late, `/callbacks/${late.token}/success`, 200, "Expired"],
    [done, "/callbacks/nothing", 404, "Unknown task"],
  ] as const) {
    const page = await browse(target);
    expect([page.status, heading(page.body)]).toEqual([status, title]);
    expect(page.body).not.toContain("<form");
  }
  const { status, body } = await late.browse(`/callbacks/${late.token}/success`, { method: "POST" });
  expect([status, heading(body)]).toEqual([400, "Expired"]);
});

it("shows the page of a link in a mail, under any name of the server", async () => {
  const { browse, token } = await callbackWorld();
  const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", host: "stepwell.example" };
  expect((await browse(`http://stepwell.example/callbacks/${token}`, { headers })).status).toBe(200);
});

it("escapes what others wrote", async () => {
  const { browse, token } = await callbackWorld();
  const evil = `<script>alert("x")</script>'&`;
  const pages = [
    await browse(`/callbacks/${token}/${encodeURI(evil)}`),
    await browse(`/callbacks/${token}/${evil}`),
    await browse(`/callbacks/${encodeURIComponent(evil)}`),
    await browse(`/callbacks/${token}`, { method: evil }),
    await browse(`/callbacks/${token}/success`, { method: "POST", body: evil }),
    await browse(`/callbacks/${token}/success`, { method: "POST", body: evil, headers: { "content-type": evil } }),
    await browse(`/callbacks/${token}/failure`, { method: "POST", body: JSON.stringify({ [evil]: "" }) }),
  ];
  for (const { body } of pages) {
    expect(body).not.toMatch(/<script|alert\("/);
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
  }
});

it("escapes the name of a step", async () => {
  const evil = `<img src=x onerror="a">`;
  const { respond, ...world } = await callbackWorld();
  const Definition = `{version: v1, type: flow, steps: [{type: task, name: '${evil}', resourceArn: "acs:mns:::/queues/q/messages", pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}], serviceParams: {MessageBody: $}}]}`;
  await world.call("CreateFlow", { Name: "evil", Type: "FDL", Description: "d", Definition });
  await world.call("StartExecution", { FlowName: "evil" });
  await world.now();
  const { token } = JSON.parse(world.destinations.sent.at(-1)?.call.message.body ?? "{}");
  const { body } = await world.browse(`/callbacks/${token}`);
  expect(body).toContain("<dd>&lt;img src=x onerror=&quot;a&quot;&gt;</dd>");
  expect(body).not.toContain("<img");
});

it("loads nothing, may be framed by nobody, and is not kept", async () => {
  const { browse, respond, token } = await callbackWorld();
  const { headers, body } = await browse(`/callbacks/${token}`);
  expect(body).not.toMatch(/<script|<link|<img|https?:|url\(|style="|\son\w+=/i);
  expect(headers["content-security-policy"]).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
  const always = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    vary: "accept",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  };
  expect(headers).toMatchObject(always);
  expect((await respond({ target: `/callbacks/${token}` })).headers).toEqual({
    "content-type": "application/json",
    ...always,
  });
});

it("does not say that nothing was changed when nobody can tell", async () => {
  let fail = false;
  const { browse, token } = await callbackWorld("plain", {
    settled: async () => {
      if (fail) throw new Error("disk");
    },
  });
  fail = true;
  const { status, body } = await browse(`/callbacks/${token}/success`, { method: "POST" });
  expect([status, heading(body)]).toEqual([500, "Not accepted"]);
  expect(body).not.toContain("Nothing was changed");
});
