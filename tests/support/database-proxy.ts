import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface DatabaseProxy {
  /** The given address, through the proxy. */
  url: string;
  /** The SQL of the statements executed since the last call, in order of arrival. */
  takeStatements(): string[];
  close(): Promise<void>;
}

/** A proxy in front of PostgreSQL that reads the executed statements from the protocol. */
export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let statements: string[] = [];
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const read = statementReader((text) => statements.push(text));
    client.on("data", read);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    takeStatements() {
      const taken = statements;
      statements = [];
      return taken;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Reads the messages of one client connection: Parse and Bind for prepared statements, Query for others. */
function statementReader(executed: (text: string) => void): (bytes: Buffer) => void {
  const prepared = new Map<string, string>();
  let waiting: Buffer = Buffer.alloc(0);
  let hasStarted = false;
  const texts = (body: Buffer) => body.toString("latin1").split("\0");
  return (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (;;) {
      // The first message, with user and database, has no type byte.
      const typeBytes = hasStarted ? 1 : 0;
      if (waiting.length < typeBytes + 4) return;
      const end = typeBytes + waiting.readUInt32BE(typeBytes);
      if (waiting.length < end) return;
      const [type, body] = [waiting.toString("latin1", 0, typeBytes), waiting.subarray(typeBytes + 4, end)];
      if (type === "P") prepared.set(texts(body)[0]!, texts(body)[1]!);
      if (type === "B") executed(prepared.get(texts(body)[1]!) ?? "?");
      if (type === "Q") executed(texts(body)[0]!);
      waiting = waiting.subarray(end);
      hasStarted = true;
    }
  };
}
