import { place, type EventTexts } from "@/lib/operation/canonical-event";

const separator = "\u0002";
const quote = "\u0001";
const nothing = "\u0003";

/**
 * Options of a COPY that `readEventTexts` understands: control characters, which no event holds as they are, separate the columns.
 * A text that did hold one would come quoted and is unreadable.
 */
export const eventCopyOptions = `format csv, delimiter e'\\x02', quote e'\\x01', null e'\\x03', encoding 'UTF8'`;

/** The columns of one line of the stream; null for a line that the portal cannot have written. */
export function readEventTexts(line: string): EventTexts | null {
  if (line.includes(quote)) return null;
  const texts: (string | null)[] = line.split(separator);
  if (texts.length !== place.count) return null;
  for (let index = 0; index < texts.length; index += 1) if (texts[index] === nothing) texts[index] = null;
  return texts;
}

const newline = 10;

/** Splits a stream of bytes into lists of lines. */
export async function* textLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const received of stream) {
    const end = received.lastIndexOf(newline);
    if (end === -1) {
      rest = Buffer.concat([rest, received]);
      continue;
    }
    yield Buffer.concat([rest, received.subarray(0, end)])
      .toString()
      .split("\n");
    rest = received.subarray(end + 1);
  }
  if (rest.length > 0) yield [rest.toString()];
}
