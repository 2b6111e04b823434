import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeBuilt, sendRaw, startBuiltPortal, type Answered, type BuiltPortal } from "../../support/built-portal";
import { methods, portalRoutes } from "../../support/portal";
import { builtActions } from "../../support/server-actions";
import { waitUntil } from "../../support/wait-until";

const forged = "00000000-0000-4000-8000-000000000000";

/** What every response has, and what none has. */
function expectRules({ headers, text }: Answered, what: string) {
  expect(headers["x-request-id"], what).toMatch(/^[0-9a-f]{8}-/);
  expect(headers["x-request-id"], what).not.toBe(forged);
  expect(text, what).not.toContain(forged);
  expect(headers["content-security-policy"], what).toMatch(/default-src '(none|self)'/);
  expect(headers["content-security-policy"], what).toContain("frame-ancestors 'none'");
  expect(headers["cache-control"], what).toMatch(/no-store|immutable|max-age/);
  expect(headers["x-content-type-options"], what).toBe("nosniff");
  expect(headers["referrer-policy"], what).toBe("same-origin");
  expect(headers["x-powered-by"], what).toBeUndefined();
}

describeBuilt("every route of the built portal", () => {
  let portal: BuiltPortal;
  beforeAll(async () => void (portal = await startBuiltPortal()));
  afterAll(() => portal?.end());

  const headers = { "x-request-id": forged, accept: "text/html" };
  const ask = (method: string, target: string, more: Record<string, string> = {}, body?: string) =>
    sendRaw(portal.origin, target, { method, headers: { ...headers, ...more }, body });

  test("has its own request id and the policies, by every method", async () => {
    for (const { path } of await portalRoutes()) {
      const target = path.replace(/\[\.\.\.\w+\]/, "a/b").replace(/\[\w+\]/g, forged.replace("4000", "7000"));
      for (const method of [...methods, "OPTIONS"]) {
        const answered = await ask(method, target);
        expectRules(answered, `${method} ${path}`);
        expect(answered.status, `${method} ${path}`).toBeLessThan(500);
      }
    }
  });

  test("pages, files and what does not exist have them, too", async () => {
    for (const target of [
      "/",
      "/sign-in",
      "/titular",
      "/verify.html",
      "/mark.svg",
      "/favicon.ico",
      "/none",
      "/api/none",
    ])
      expectRules(await ask("GET", target), target);
    expectRules(await ask("GET", "/_next/static/none.js"), "/_next/static/none.js");
  });

  test("a body in pieces without an end is refused while it comes, and is not kept in memory", async () => {
    for (const [target, type] of [
      ["/api/recordings", "application/json"],
      ["/api/sso/back-channel-logout", "application/x-www-form-urlencoded"],
      [`/api/answers/${forged.replace("4000", "7000")}`, "application/x-www-form-urlencoded"],
    ] as const) {
      const status = await new Promise((resolve, reject) => {
        const { hostname, port } = new URL(portal.origin);
        const sent = request({ hostname, port, path: target, method: "POST", headers: { "content-type": type } });
        sent.once("error", reject).once("response", (response) => {
          resolve(response.statusCode);
          sent.destroy();
        });
        for (let piece = 0; piece < 100; piece += 1) sent.write("x".repeat(10_000));
      });
      expect(status, target).toBe(413);
    }
  });

  test("a browser keeps the files of the build, and no page", async () => {
    const page = await ask("GET", "/sign-in");
    expect(page.headers["cache-control"]).toContain("no-store");
    const files = page.text.match(/\/_next\/static\/[^"\\ ]+\.(js|css)/g)!;
    expect(files.length).toBeGreaterThan(3);
    for (const file of files)
      expect((await ask("GET", file)).headers["cache-control"], file).toBe("public, max-age=31536000, immutable");
  });

  test.each(["/%ff", "/%c3%28", "/api/recordings/%ff", "/api/store/%ff/x", "/_next/static/%ff.js", "/sign-in%e0%a4"])(
    "a path that is not UTF-8 is malformed: %s",
    async (target) => {
      const answered = await ask("GET", target);
      expect(answered.status).toBe(400);
      expect(answered.headers["content-type"]).toBe("application/problem+json");
      expect(JSON.parse(answered.text)).toMatchObject({ status: 400, code: "malformed_request" });
      expectRules(answered, target);
    },
  );

  test.each(["TRACE", "PROPFIND", "SEARCH", "PURGE"])("no route has the method %s", async (method) => {
    for (const target of ["/", "/api/health", "/api/store/a/b", "/sign-in"]) {
      const answered = await ask(method, target);
      expect([answered.status, answered.headers.allow]).toEqual([405, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"]);
      expect(JSON.parse(answered.text)).toMatchObject({ code: "method_not_allowed" });
      expectRules(answered, `${method} ${target}`);
    }
  });

  test("malformed arguments of an action are 400 and one line of the log", async () => {
    const action = builtActions().find(({ name }) => name === "setLocale")!;
    for (const body of ["x", '["$F1"]', '["$', '{"a":', '["$Q99","$K1"]']) {
      const answered = await ask("POST", "/sign-in", { "next-action": action.id, "content-type": "text/plain" }, body);
      expect([body, answered.status]).toEqual([body, 400]);
      const { code, requestId } = JSON.parse(answered.text) as { code: string; requestId: string };
      expect(code).toBe("malformed_request");
      expectRules(answered, body);
      await waitUntil("the log has a line", async () => (await portal.log()).includes(requestId));
      expect((await portal.log()).split("\n").filter((line) => line.includes(requestId))).toHaveLength(1);
    }
    expect((await portal.log()).split("\n").filter((line) => /^\s+at /.test(line))).toEqual([]);
    // An action that can be read works, and one that does not exist is no failure of the portal.
    const fine = { "next-action": action.id, "content-type": "text/plain", origin: portal.origin };
    expect((await ask("POST", "/sign-in", fine, '["$undefined"]')).status).toBeLessThan(500);
    expect((await ask("POST", "/sign-in", { ...fine, "next-action": "00" }, "[]")).status).toBe(400);
  });

  test("a stranger cannot fill the log: a minute has a budget for each kind", async () => {
    const before = (await portal.log()).length;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let turn = 0; turn < 15; turn += 1) await ask("GET", "/%ff");
      }),
    );
    const lines = (await portal.log()).slice(before).split("\n").filter(Boolean);
    expect(lines.length).toBeLessThanOrEqual(130);
  });
});
