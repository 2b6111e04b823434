import { eventCopySql, place, type EventTexts } from "@/lib/operation/canonical-event";
import type { Readable } from "node:stream";
import type { Sql } from "postgres";

/** COPY options that `readEventTexts` understands. The text format costs PostgreSQL half of what CSV costs. */
const eventCopyOptions = "format text, encoding 'UTF8'";

const nothing = "\\N";

const escaped: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Splits one line of the stream into its columns; null if the portal cannot have written the line. */
export function readEventTexts(line: string): EventTexts | null {
  const texts: (string | null)[] = line.split("\t");
  if (texts.length !== place.count) return null;
  const [occurredAt, hmac] = [texts[place.occurredAt]!, texts[place.hmac]!];
  if (occurredAt === nothing || hmac === nothing) return null;
  // Taken off here, so that only texts with an escape are rewritten below.
  texts[place.hmac] = hmac.slice(hexPrefix.length);
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index]!;
    if (text.includes("\\"))
      texts[index] =
        text === nothing ? null : text.replace(/\\(.)/g, (_, character: string) => escaped[character] ?? character);
  }
  texts[place.occurredAt] = isoTime(occurredAt);
  return texts;
}

/** Before the hex digits of bytes: `\\x`, whose backslash COPY doubles. */
const hexPrefix = "\\\\x";

/** From `2026-01-31 12:00:00.5+00` to ISO 8601 with milliseconds. Another form stays: no portal wrote that time. */
function isoTime(text: string): string {
  if (!text.endsWith("+00")) return text;
  const milliseconds = text.slice(20, -3).padEnd(3, "0");
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${milliseconds}Z`;
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
 * The events of a range of one epoch in log order, as lists of lines for `readEventTexts`. Reads with back-pressure and
 * in constant memory.
 * @param where a condition on `audit_events` with its values already quoted (`quoteLiteral`): COPY takes no parameters.
 * @param snapshot exported by a transaction that is still open; without it the stream sees what is committed now.
 */
export function rangeLines(client: Sql, where: string, snapshot?: string): AsyncGenerator<string[]> {
  // Otherwise PostgreSQL sorts a whole log in files before it sends the first row, though an index has the order.
  return textLines(copyEvents(client, `${where} order by transaction_id, id`, ["enable_sort = off"], snapshot));
}

/** Events that a condition chooses among all, by its own index; otherwise like `rangeLines`. */
export function chosenLines(client: Sql, where: string): AsyncGenerator<string[]> {
  return textLines(copyEvents(client, `${where} order by epoch, transaction_id, id`, []));
}

/** The forms that `readEventTexts` converts. */
const streamSettings = ["statement_timeout = 0", "datestyle = 'ISO'", "timezone = 'UTC'", "bytea_output = 'hex'"];

async function* copyEvents(
  client: Sql,
  where: string,
  settings: readonly string[],
  snapshot?: string,
): AsyncGenerator<Buffer> {
  const connection = await client.reserve();
  let stream: Readable | undefined;
  let ended = false;
  try {
    await connection.unsafe("begin isolation level repeatable read read only");
    if (snapshot) await connection.unsafe(`set transaction snapshot ${quoteLiteral(snapshot)}`);
    for (const setting of [...streamSettings, ...settings]) await connection.unsafe(`set local ${setting}`);
    const [backend] = await connection.unsafe<{ pid: number }[]>("select pg_backend_pid() as pid");
    const select = `select ${eventCopySql} from audit_events where ${where}`;
    stream = await connection.unsafe(`copy (${select}) to stdout with (${eventCopyOptions})`).readable();
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
