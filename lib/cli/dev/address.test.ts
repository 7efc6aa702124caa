import { expect, test } from "vitest";
import { serveHttp } from "../../local/http-server.ts";
import { checkHost, portProblem } from "./address.ts";
import { parsePort } from "./port.ts";

test.each(["127.0.0.1", "127.8.8.8", "::1", "localhost"])("%s is this machine's own", (host) => {
  expect(() => checkHost(host)).not.toThrow();
});

test.each(["0.0.0.0", "::", "192.168.1.2", "example.com", "127.0.0.1.example.com", "localhost.example.com", ""])(
  "%j may be reached by others, and is refused with the reason",
  (host) => {
    expect(() => checkHost(host)).toThrow("there is no authentication yet");
  },
);

test.each(["0", "1", "8787", "65535"])("%s is a port", (text) => {
  expect(parsePort(text)).toBe(Number(text));
});

test.each(["", "-1", "65536", "80a", "1.5", " 80", "0x50"])("%j is no port", (text) => {
  expect(() => parsePort(text)).toThrow("a port is a number");
});

test("a port in use is told with the option that names another", async () => {
  const handle = async () => ({ status: 200, headers: {}, body: "" });
  const first = await serveHttp({ handle, host: "127.0.0.1", port: 0 });
  try {
    const error: unknown = await serveHttp({ handle, host: "127.0.0.1", port: first.port }).catch((reason) => reason);
    expect(portProblem(error, "127.0.0.1", first.port, "--port")).toMatchObject({
      message: `port ${first.port} of 127.0.0.1 is in use: end the program that listens there, or give another port by --port N (0: any free one)`,
    });
  } finally {
    await first.close();
  }
});

test("any other error stays as it is", () => {
  const error = new Error("boom");
  expect(portProblem(error, "127.0.0.1", 1, "--port")).toBe(error);
});
