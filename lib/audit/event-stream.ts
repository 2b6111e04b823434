import { place, type EventTexts } from "@/lib/operation/canonical-event";
import type { Readable } from "node:stream";
import type { Sql } from "postgres";

const separator = "\u0002";

const quote = "\u0001";

const nothing = "\u0003";

/**
 * COPY options that `readEventTexts` understands. Columns are separated by control characters, which events never
 * contain unescaped. A text that contained one would be quoted, and therefore unreadable.
 */
export const eventCopyOptions = `format csv, delimiter e'\\x02', quote e'\\x01', null e'\\x03', encoding 'UTF8'`;

/** Splits one line of the stream into its columns; null if the portal cannot have written the line. */
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

/**
 * Streams the rows of a select (COPY) with back-pressure and in constant memory.
 * @param select SQL with its values already quoted (`quoteLiteral`): COPY takes no parameters.
 * @param snapshot exported by a transaction that is still open; without it the stream sees what is committed now.
 */
export async function* copyRows(
  client: Sql,
  select: string,
  options: string,
  snapshot?: string,
): AsyncGenerator<Buffer> {
  const connection = await client.reserve();
  let stream: Readable | undefined;
  let ended = false;
  try {
    await connection.unsafe("begin isolation level repeatable read read only");
    if (snapshot) await connection.unsafe(`set transaction snapshot ${quoteLiteral(snapshot)}`);
    await connection.unsafe("set local statement_timeout = 0");
    const [backend] = await connection.unsafe<{ pid: number }[]>("select pg_backend_pid() as pid");
    stream = await connection.unsafe(`copy (${select}) to stdout with (${options})`).readable();
    try {
      // Destroying the stream would leave the remaining rows in the connection.
      yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      ended = true;
    } finally {
      if (!ended) await endEarly(client, stream, backend!.pid);
      // The driver pauses its socket when the reader is slower than the server. If that happens at the last row, the
      // driver never resumes the socket.
      stream._read(0);
    }
  } finally {
    await connection.unsafe("rollback").catch(() => undefined);
    connection.release();
  }
}

/** Cancels a COPY before its end. The driver cannot, so the server is asked to. */
async function endEarly(client: Sql, stream: Readable, pid: number): Promise<void> {
  if (stream.destroyed) return;
  const drained = new Promise<void>((resolve) => stream.once("error", () => resolve()).once("close", resolve));
  stream.resume();
  stream._read(0);
  await client.unsafe("select pg_cancel_backend($1)", [pid]).catch(() => undefined);
  await drained;
}

/** A string as an SQL literal. */
export function quoteLiteral(text: string): string {
  return `e'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
