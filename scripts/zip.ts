/** A zip archive of a few files, as a Lambda function's code is uploaded (PKWARE APPNOTE 4.3: local headers, central directory, end). */
import { crc32, deflateRawSync } from "node:zlib";

/** File contents by path inside the archive. */
export type ZipFiles = { readonly [path: string]: string | Uint8Array };

const DEFLATE = 8;
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the format's earliest date: equal files make equal archives. */
const DATE = 0x0021;
/** -rw-r--r-- of a regular file, in the upper half of the external attributes; made by Unix. */
const MODE = (0o100644 << 16) >>> 0;
const MADE_BY = 0x0314;

export function zip(files: ZipFiles): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes, { level: 9 });
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0); // version needed: 2.0, deflate
    head.writeUInt16LE(UTF8_NAMES, 2);
    head.writeUInt16LE(DEFLATE, 4);
    head.writeUInt16LE(DATE, 8);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from("PK\x03\x04", "latin1"), head, name, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(MODE, 6);
    tail.writeUInt32LE(offset, 10);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(MADE_BY);
    directory.push(Buffer.from("PK\x01\x02", "latin1"), madeBy, head, tail, name);
    offset += 4 + head.length + name.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  const count = Object.keys(files).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06", "latin1"), end]);
}
