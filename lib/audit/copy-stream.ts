import type { Readable } from "node:stream";
import type { Sql } from "postgres";

/**
 * Streams the rows of a select (COPY), with back-pressure; memory does not grow with the rows.
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
      // Destroying the stream would leave the rest of the rows in the connection.
      yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      ended = true;
    } finally {
      if (!ended) await endEarly(client, stream, backend!.pid);
      // The driver pauses its socket when we are slower than the server, and forgets to go on when that happens at the last row.
      stream._read(0);
    }
  } finally {
    await connection.unsafe("rollback").catch(() => undefined);
    connection.release();
  }
}

/** Ends a COPY of which no more is wanted: the driver cannot, so the server is asked. */
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
