import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { call } from "./report.ts";
import { senderFor } from "./sender.ts";
import { regionOf, signed } from "./signed.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "the secret", sessionToken: "the session" };

/** What a server gets when an action is called there. */
async function received(send: Parameters<typeof call>[3]): Promise<{ request: IncomingMessage; body: string }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const arrival = new Promise<{ request: IncomingMessage; body: string }>((resolve) => {
    server.once("request", async (request, response) => {
      const body = await text(request);
      response.end("{}");
      resolve({ request, body });
    });
  });
  await call(`http://127.0.0.1:${port}/a/path/`, "DescribeFlow", { Name: "ä flow & more" }, send);
  server.close();
  return arrival;
}

/** The signature by the steps of AWS's description (IAM user guide, "Create a signed AWS API request"). */
function signatureOf({ request, body }: { request: IncomingMessage; body: string }, names: readonly string[]): string {
  const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");
  const headers = names.map((name) => `${name}:${request.headers[name]}\n`).join("");
  const canonical = [request.method, request.url, "", headers, names.join(";"), sha256(body)].join("\n");
  const time = String(request.headers["x-amz-date"]);
  const scope = [time.slice(0, 8), "eu-west-1", "lambda", "aws4_request"];
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  return createHmac("sha256", key).update(toSign).digest("hex");
}

describe("a signed request", () => {
  it("bears the signature that AWS describes, over its host, time, body and session", async () => {
    const arrived = await received(signed({ region: "eu-west-1", credentials }));
    const { authorization = "" } = arrived.request.headers;
    const [, scope, names = "", signature] =
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(authorization) ??
      [];
    expect(scope).toMatch(/^\d{8}\/eu-west-1\/lambda\/aws4_request$/);
    expect(names.split(";")).toEqual(expect.arrayContaining(["host", "x-amz-date", "x-amz-security-token"]));
    expect(arrived.request.headers["x-amz-security-token"]).toBe("the session");
    expect(signature).toBe(signatureOf(arrived, names.split(";")));
    expect(new URLSearchParams(arrived.body).get("Name")).toBe("ä flow & more");
  });
});

describe("a worker's requests", () => {
  it("are signed for the region that a function URL says", () => {
    expect(regionOf("https://abc123.lambda-url.eu-west-1.on.aws/")).toBe("eu-west-1");
    expect(regionOf("http://127.0.0.1:8787")).toBeUndefined();
    expect(regionOf("https://lambda-url.eu-west-1.on.aws.example.org/")).toBeUndefined();
  });

  it("go to the local engine as they are", async () => {
    const { request } = await received(senderFor("http://127.0.0.1:8787", {}));
    expect(request.headers.authorization).toBeUndefined();
  });
});
