import { expect, it } from "vitest";
import { refuseWebPages } from "./web-page.ts";

const denied = expect.objectContaining({ code: "AccessDenied" });

it.each([
  "127.0.0.1",
  "127.0.0.1:8787",
  "192.168.0.7:8787",
  "localhost:8787",
  "fnf.localhost",
  "[::1]:8787",
  "stepwell:8787",
  "host.docker.internal:8787",
  "cn-hangzhou.fnf.aliyuncs.com",
  undefined,
])("serves clients that know the server as %s", (host) => {
  expect(() => refuseWebPages({ host })).not.toThrow();
});

it.each([
  "evil.example:8787",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "aliyuncs.com.evil.example",
  "xaliyuncs.com",
])("refuses a page that had %s resolve to this machine", (host) => {
  expect(() => refuseWebPages({ host })).toThrow(denied);
  expect(() => refuseWebPages({ host, origin: `http://${host}` })).toThrow(denied);
});

it.each(["https://evil.example", "null", "http://127.0.0.1:3000"])("refuses a page of %s", (origin) => {
  expect(() => refuseWebPages({ host: "127.0.0.1:8787", origin })).toThrow(denied);
});

it.each(["cross-site", "same-site"])("refuses what a browser says is %s", (site) => {
  expect(() => refuseWebPages({ host: "127.0.0.1:8787", "sec-fetch-site": site })).toThrow(denied);
});

it("serves the server's own pages, and what is typed into a browser", () => {
  const host = "127.0.0.1:8787";
  expect(() => refuseWebPages({ host, origin: `http://${host}`, "sec-fetch-site": "same-origin" })).not.toThrow();
  expect(() => refuseWebPages({ host, "sec-fetch-site": "none" })).not.toThrow();
});
