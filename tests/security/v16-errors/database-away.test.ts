import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describeBuilt, sendRaw, startBuiltPortal, type BuiltPortal } from "../../support/built-portal";
import { waitUntil } from "../../support/wait-until";

/** PostgreSQL's address, through a proxy that can refuse, be silent, or say that the server is in recovery. */
type Mode = "serves" | "refuses" | "silent" | "recovering";

async function startSwitch(target: URL): Promise<{ url: string; set: (mode: Mode) => void; close: () => void }> {
  let mode: Mode = "serves";
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => undefined).on("close", () => sockets.delete(client));
    if (mode === "refuses") return void client.resetAndDestroy();
    if (mode === "silent") return;
    if (mode === "recovering") return void client.once("data", () => client.end(inRecovery()));
    const upstream = connect(Number(target.port), target.hostname);
    upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    set(next) {
      mode = next;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () => void server.close(),
  };
}

/** What a server says while it recovers from a crash. */
function inRecovery(): Buffer {
  const fields = Buffer.from("SFATAL\0VFATAL\0C57P03\0Mthe database system is in recovery mode\0\0");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

describeBuilt("the portal while its database is away", () => {
  let portal: BuiltPortal;
  let way: Awaited<ReturnType<typeof startSwitch>>;
  let cookie: string;

  beforeAll(async () => {
    const direct = process.env.DATABASE_URL!;
    way = await startSwitch(new URL(direct));
    portal = await startBuiltPortal({ DATABASE_URL: way.url });
    const { signedInAs } = await import("../../support/people");
    ({ cookie } = await signedInAs("admin"));
  });
  afterEach(() => way.set("serves"));
  afterAll(async () => {
    await portal?.end();
    way?.close();
  });

  const ask = (target: string, headers: Record<string, string> = {}) =>
    sendRaw(portal.origin, target, { headers: { cookie, ...headers } });
  const health = async () => {
    const begin = performance.now();
    const { status, text } = await ask("/api/health");
    return { status, text, seconds: (performance.now() - begin) / 1000 };
  };
  /** Without a restart. */
  const recovered = () =>
    waitUntil("the pool connects again", async () => (await ask("/users")).status === 200, {
      intervalMs: 100,
    });

  test.each(["refuses", "recovering", "silent"] as const)("that %s: 503, and the pool recovers", async (mode) => {
    await recovered();
    way.set(mode);
    const page = await ask("/users", { accept: "text/html" });
    expect([page.status, page.headers["retry-after"]]).toEqual([503, "5"]);
    expect(page.text).toContain("O portal está temporariamente indisponível");
    expect(page.text).toContain("The portal is temporarily unavailable");
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(page.text).not.toMatch(/internal|\bat .*\.js|postgres/i);

    const authorization = `Bearer ctd_${"x".repeat(43)}`;
    for (const headers of [{ cookie }, { authorization, cookie: "" }] as Record<string, string>[]) {
      const answered = await ask("/api/recordings/019b1c7e-0000-7000-8000-000000000000", headers);
      if (answered.status === 401) continue;
      expect([answered.status, answered.headers["retry-after"]]).toEqual([503, "5"]);
      expect(JSON.parse(answered.text)).toMatchObject({ code: "database_unavailable" });
    }
    // Also from a database that never answers.
    const { status, text } = await health();
    expect([status, JSON.parse(text)]).toEqual([503, { status: "unavailable" }]);
    way.set("serves");
    await recovered();
    expect((await health()).status).toBe(200);
  });

  test("many who ask for its health at once are answered", async () => {
    await recovered();
    const answers = await Promise.all(Array.from({ length: 20 }, health));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  test("the sign-in says so", async () => {
    way.set("refuses");
    const csrf = await ask("/api/auth/csrf", { cookie: "" });
    const { csrfToken } = JSON.parse(csrf.text) as { csrfToken: string };
    const csrfCookie = csrf.headers["set-cookie"]!.map((line) => line.split(";")[0]).join("; ");
    const answered = await sendRaw(portal.origin, "/api/auth/callback/credentials", {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        cookie: csrfCookie,
        origin: portal.origin,
      },
      body: new URLSearchParams({ csrfToken, email: "a@b.example", password: "x".repeat(14), json: "true" }).toString(),
    });
    expect(answered.text).toContain("database_unavailable");
  });
});
