/** The function process's end of its pipe to the runtime's process. */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { frameReader } from "./frames.ts";
import { type ChildMessage, decodeOrder, encodeMessage, type ParentMessage } from "./protocol.ts";

const DESCRIPTOR = 3;
const BUFFER = 65_536;

export interface Channel {
  /** Written when this returns, unless it is larger than the pipe has room for: the process may end right after. */
  send(message: ChildMessage): void;
}

/** Opens the channel; it keeps the process alive, and ends it when the runtime's process is gone. */
export function openChannel(onOrder: (order: ParentMessage) => void): Channel {
  const read = frameReader((head, body) => onOrder(decodeOrder(head, body)));
  const socket = new Socket({
    fd: DESCRIPTOR,
    readable: true,
    writable: true,
    // One buffer for all reads: half the cost of a stream of chunks.
    onread: {
      buffer: Buffer.allocUnsafe(BUFFER),
      callback(length, buffer) {
        read(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    },
  });
  socket.on("error", () => process.exit());
  socket.on("close", () => process.exit());
  socket.resume();

  return {
    send(message) {
      const bytes = encodeMessage(message);
      let written = 0;
      // A write of its own, not the stream's: cheaper by a third, and done before a process that dies is dead.
      if (socket.writableLength === 0) {
        try {
          written = writeSync(DESCRIPTOR, bytes);
        } catch (error) {
          // The pipe is full, or gone; the stream waits, or finds out.
          if (!(error instanceof Error)) return;
        }
      }
      if (written < bytes.length) socket.write(bytes.subarray(written));
    },
  };
}
