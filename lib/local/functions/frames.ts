/**
 * Messages on a byte stream: two lengths, the head (JSON text), the body (text that nobody has to escape). A pipe with
 * these costs half of what Node's own channel between processes costs, and a payload of some megabytes is copied, not
 * escaped.
 */

const PREFIX = 8;
/** What is longer is no message: the function has written into the pipe. */
const MAX_HEAD = 1 << 20;
const MAX_BODY = 1 << 26;

/** The bytes of a message. An empty body is none. */
export function frame(head: string, body = ""): Buffer {
  const headBytes = Buffer.byteLength(head);
  const bodyBytes = body === "" ? 0 : Buffer.byteLength(body);
  const bytes = Buffer.allocUnsafe(PREFIX + headBytes + bodyBytes);
  bytes.writeUInt32LE(headBytes, 0);
  bytes.writeUInt32LE(bodyBytes, 4);
  bytes.write(head, PREFIX);
  if (bodyBytes > 0) bytes.write(body, PREFIX + headBytes);
  return bytes;
}

/**
 * Cuts a stream into messages: call it with each chunk, in any cut. A chunk may be overwritten once the call has returned.
 *
 * @throws {RangeError} when the stream holds something else
 */
export function frameReader(onFrame: (head: string, body: string | undefined) => void): (chunk: Buffer) => void {
  let kept: Buffer[] = [];
  let have = 0;
  let need = PREFIX;

  return (chunk) => {
    let bytes = chunk;
    if (have > 0) {
      have += chunk.length;
      if (have < need) {
        kept.push(Buffer.from(chunk));
        return;
      }
      bytes = Buffer.concat([...kept, chunk], have);
    }
    kept = [];
    have = 0;
    let at = 0;
    need = sizeAt(bytes, at);
    while (bytes.length - at >= need) {
      const body = at + PREFIX + bytes.readUInt32LE(at);
      const end = at + need;
      const head = bytes.toString("utf8", at + PREFIX, body);
      at = end;
      onFrame(head, body === end ? undefined : bytes.toString("utf8", body, end));
      need = sizeAt(bytes, at);
    }
    if (at === bytes.length) return;
    have = bytes.length - at;
    kept.push(Buffer.from(bytes.subarray(at)));
  };
}

/** Bytes of the message that begins there, or of what has to be known to say so. */
function sizeAt(bytes: Buffer, at: number): number {
  if (bytes.length - at < PREFIX) return PREFIX;
  const head = bytes.readUInt32LE(at);
  const body = bytes.readUInt32LE(at + 4);
  if (head > MAX_HEAD || body > MAX_BODY) throw new RangeError("This is not a message between function processes.");
  return PREFIX + head + body;
}
