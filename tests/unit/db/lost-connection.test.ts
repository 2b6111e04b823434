import { createServer, type AddressInfo, type Socket } from "node:net";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

/**
 * What `scripts/launch/patch-packages.mjs` mends in postgres.js, with as much of PostgreSQL as that takes: a server
 * that accepts everybody and answers no query, or says that it is in recovery.
 */
const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const accepted = Buffer.concat([message("R", Buffer.alloc(4)), message("Z", Buffer.from("I"))]);
const inRecovery = message("E", Buffer.from("SFATAL\0VFATAL\0C57P03\0Min recovery mode\0\0"));

const sockets = new Set<Socket>();
let onQuery = () => {};
let mode: "silent" | "recovering" = "silent";
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  socket.once("data", () => {
    if (mode === "recovering") return void socket.end(inRecovery);
    socket.write(accepted);
    socket.once("data", () => onQuery());
  });
});
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => server.close());
afterEach(() => {
  mode = "silent";
});

const codeOf = (query: PromiseLike<unknown>) =>
  Promise.resolve(query).then(
    () => "answered",
    (error: { code: string }) => error.code,
  );

/** A pool of one connection. */
function pool(options: { fetch_types: boolean }) {
  const { port } = server.address() as AddressInfo;
  return postgres({ host: "127.0.0.1", port, username: "x", database: "x", max: 1, ...options });
}

test.each([true, false])("a query fails while the server recovers (array types are read: %s)", async (fetch_types) => {
  process.on("unhandledRejection", note);
  const sql = pool({ fetch_types });
  const reached = new Promise<void>((resolve) => (onQuery = resolve));
  const lost = codeOf(sql`select 1`);
  await reached;
  mode = "recovering";
  for (const socket of sockets) socket.resetAndDestroy();
  expect(await lost).toMatch(/^(ECONNRESET|CONNECTION_CLOSED)$/);
  expect(await codeOf(sql`select 1`)).toBe("57P03");
  await sql.end({ timeout: 0 });
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
