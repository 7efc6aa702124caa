import fc from "fast-check";
import { expect, test } from "vitest";
import { frame, frameReader } from "./frames.ts";

const texts = fc.string({ unit: "grapheme", maxLength: 40 });

test("messages arrive whole and in order, however the stream is cut, in a buffer that is used again", () => {
  const messages = fc.array(fc.tuple(texts, texts), { maxLength: 8 });
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sent, cuts) => {
      const stream = Buffer.concat(sent.map(([head, body]) => frame(head, body)));
      const received: [string, string][] = [];
      const read = frameReader((head, body) => received.push([head, body ?? ""]));
      const buffer = Buffer.alloc(50);
      for (let at = 0, cut = 0; at < stream.length; cut++) {
        const length = stream.copy(buffer, 0, at, at + (cuts[cut % cuts.length] ?? 1));
        read(buffer.subarray(0, length));
        at += length;
      }
      expect(received).toEqual(sent);
    }),
  );
});

test("a message of megabytes that comes in small chunks is put together", () => {
  const body = "é".repeat(3_000_000);
  const stream = frame("{}", body);
  const received: (string | undefined)[] = [];
  const read = frameReader((_head, text) => received.push(text));
  for (let at = 0; at < stream.length; at += 65_536) read(stream.subarray(at, at + 65_536));
  expect(received).toEqual([body]);
});

test("a stream of something else is refused", () => {
  const read = frameReader(() => {});
  expect(() => read(Buffer.from("console.log by descriptor"))).toThrow(RangeError);
});
