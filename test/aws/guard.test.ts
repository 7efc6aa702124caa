import { execFile } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { cutOffAws, guarded, loopbackSettings } from "./guard.ts";

const root = join(import.meta.dirname, "../..");

describe("every test file", () => {
  test("has an override of the endpoint, which a client without settings takes", async () => {
    const client = new SQSClient({});
    let hostname = "";
    client.middlewareStack.add(
      () => (args) => {
        ({ hostname } = args.request as { hostname: string });
        throw new Error("not sent");
      },
      { step: "finalizeRequest", priority: "low" },
    );
    await expect(client.send(new ListQueuesCommand())).rejects.toThrow("not sent");
    expect(hostname).toBe("127.0.0.1");
    client.destroy();
  });

  test("can open no socket to another machine, by whatever name", async () => {
    for (const host of ["sqs.us-east-1.amazonaws.com", "10.0.0.1"]) {
      expect(() => connect(443, host)).toThrow(/would have sent to/);
      expect(() => connect({ port: 443, host })).toThrow(/would have sent to/);
      await expect(fetch(`https://${host}/`)).rejects.toMatchObject({
        cause: { message: expect.stringContaining("would have sent to") },
      });
    }
  });

  test("refuses to start with an endpoint that is not on this machine", async () => {
    const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run", "lib/fdl/name.test.ts"];
    const env = { ...process.env, AWS_ENDPOINT_URL: "https://sqs.us-east-1.amazonaws.com" };
    await expect(promisify(execFile)(process.execPath, vitest, { cwd: root, env })).rejects.toMatchObject({
      stderr: expect.stringContaining("would have sent to sqs.us-east-1.amazonaws.com"),
    });
  }, 60_000);
});

describe("the guard of tests against the real AWS", () => {
  test.each(["http://127.0.0.1:4566", "http://127.1.2.3:80", "http://[::1]:4566"])("takes %s", (endpoint) => {
    expect(loopbackSettings(endpoint)).toMatchObject({ endpoint, credentials: { accessKeyId: "test" } });
  });

  test.each([
    undefined,
    "",
    "https://sqs.us-east-1.amazonaws.com",
    "http://localhost:4566",
    "http://127.0.0.1.example.com",
    "http://10.0.0.1",
  ])("refuses %s", (endpoint) => {
    expect(() => loopbackSettings(endpoint)).toThrow();
  });

  test("a guarded client throws before it sends to another host", async () => {
    const client = guarded(
      new SQSClient({ region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } }),
    );
    const command = new SendMessageCommand({ QueueUrl: "https://sqs.us-east-1.amazonaws.com/1/q", MessageBody: "a" });
    await expect(client.send(command)).rejects.toThrow(/would have sent to sqs\.us-east-1\.amazonaws\.com/);
    client.destroy();
  });

  test("a guarded client throws also where the address comes from the call and not from its settings", async () => {
    const client = guarded(new SQSClient(loopbackSettings("http://127.0.0.1:9")));
    const command = new SendMessageCommand({ QueueUrl: "http://127.0.0.1:9/1/q", MessageBody: "a" });
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { hostname: string }).hostname = "example.com";
        return next(args);
      },
      { step: "build" },
    );
    await expect(client.send(command)).rejects.toThrow(/would have sent to example\.com/);
    client.destroy();
  });

  test("an environment that was cut off has nothing of the user's own AWS", () => {
    const environment: NodeJS.ProcessEnv = { AWS_PROFILE: "work", AWS_SESSION_TOKEN: "secret", HOME: "/home/me" };
    cutOffAws(environment);
    expect(environment).toEqual({
      HOME: "/home/me",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    });
    expect(() => cutOffAws({}, "https://sqs.us-east-1.amazonaws.com")).toThrow();
  });
});
