import { hash } from "node:crypto";

/**
 * One event of the stream, as bytes. `leaf` is RFC 6962's: zero byte and line.
 * The views are only good until the next event is read.
 */
export type EventLine = {
  leaf: Buffer;
  /** What the HMAC covers. */
  content: Buffer;
  hmac: string;
  transactionId: number;
  writerId: string;
  writerSequence: number;
  writerSettled: number;
  line: Buffer;
};

const prefixLength = '{"content":'.length;
const counters = /"writerId":"([0-9a-f-]{36})","writerSequence":(\d{1,16}),"writerSettled":(\d{1,16})}$/;
const tailPattern = /,"epoch":"[^"\\]*","hmac":"([0-9a-f]{64})","transactionId":"(\d{1,20})"}$/;

/** Room for the tail after the content: epoch (below 100 characters), HMAC, transaction id. */
const tailLength = 260;
const countersLength = 130;

/**
 * Takes one line apart without parsing it as JSON, which would cost more than all hashing.
 * @param prefixed a zero byte followed by the line.
 * @returns null for a line that the portal cannot have written.
 */
export function readEventLine(prefixed: Buffer): EventLine | null {
  const end = prefixed.length;
  const tail = tailPattern.exec(prefixed.toString("latin1", Math.max(0, end - tailLength), end));
  if (!tail) return null;
  const contentEnd = end - tail[0].length;
  const counted = counters.exec(prefixed.toString("latin1", Math.max(0, contentEnd - countersLength), contentEnd));
  if (!counted) return null;
  return {
    leaf: hash("sha256", prefixed, "buffer"),
    content: prefixed.subarray(1 + prefixLength, contentEnd),
    hmac: tail[1]!,
    transactionId: Number(tail[2]),
    writerId: counted[1]!,
    writerSequence: Number(counted[2]),
    writerSettled: Number(counted[3]),
    line: prefixed.subarray(1),
  };
}

const newline = 10;

/**
 * Splits a stream of bytes into lines, each after a zero byte: that is what a leaf is the hash of, so no line is copied for it.
 * The line ends in the received buffers are overwritten.
 */
export async function* prefixedLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest = Buffer.from([0]);
  for await (const received of stream) {
    const chunk = Buffer.concat([rest, received]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline, 1); end !== -1; end = chunk.indexOf(newline, end + 1)) {
      lines.push(chunk.subarray(start, end));
      chunk[end] = 0;
      start = end;
    }
    rest = chunk.subarray(start);
    yield lines;
  }
  if (rest.length > 1) yield [rest];
}
