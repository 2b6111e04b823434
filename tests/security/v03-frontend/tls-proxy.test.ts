import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pathOfProgram, programsProblem } from "../../../scripts/launch/debian-programs.mjs";
import { freePort } from "../../../scripts/launch/ports.mjs";
import { describeBuilt, startBuiltPortal, type Answered, type BuiltPortal } from "../../support/built-portal";
import { waitUntil } from "../../support/wait-until";

const missing = programsProblem({
  name: "nginx",
  programs: ["nginx"],
  packages: ["nginx-light"],
  message: "  Installing nginx from Debian's packages (once; a few seconds) ...",
});
const name = "cookies over https, behind nginx";

/** Skipped by name where nginx cannot be had; with `CI=true` that is a failure. */
if (missing && process.env.CI === "true") throw new Error(`${name} (not tested: ${missing})`);
const title = missing ? `${name} (not tested: ${missing})` : name;

describeBuilt(title, () => {
  let portal: BuiltPortal;
  let folder: string;
  let port: number;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    if (missing) return;
    [port, folder] = [await freePort(), await mkdtemp(path.join(tmpdir(), "custodia-nginx-"))];
    portal = await startBuiltPortal({ NEXTAUTH_URL: `https://localhost:${port}`, TRUSTED_PROXY_COUNT: "1" });
    const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }]);
    await writeFile(path.join(folder, "cert.pem"), cert);
    await writeFile(path.join(folder, "key.pem"), key);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind) => `${kind}_temp_path ${folder};`,
    );
    await writeFile(
      path.join(folder, "nginx.conf"),
      `daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1;
events {}
http { access_log off; ${temporary.join(" ")}
  server { listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    location / { proxy_pass ${portal.origin}; proxy_set_header Host $host; proxy_http_version 1.1;
      proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto https; } } }
`,
    );
    await chmod(folder, 0o755);
    const nginx = spawn(pathOfProgram("nginx")!, ["-e", "stderr", "-c", path.join(folder, "nginx.conf")], {
      stdio: "ignore",
    });
    const ended = once(nginx, "exit");
    stop = async () => {
      nginx.kill("SIGTERM");
      await ended;
    };
    await waitUntil("nginx answers", () =>
      ask("/api/auth/csrf").then(
        () => true,
        () => false,
      ),
    );
  });
  afterAll(async () => {
    await stop?.();
    await portal?.end();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const ask = (target: string, options: RequestOptions = {}, body?: string) =>
    new Promise<Answered>((resolve, reject) => {
      const all = { host: "127.0.0.1", port, path: target, rejectUnauthorized: false, agent: false, ...options };
      const sent = request(all, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.once("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      });
      sent.once("error", reject);
      sent.end(body);
    });

  /** Signs in as a browser does, and returns the cookies that were set. */
  async function signIn(): Promise<string[]> {
    const { account, knownPassword } = await import("../../support/people");
    const { email } = await account("auditor");
    const csrf = await ask("/api/auth/csrf");
    const { csrfToken } = JSON.parse(csrf.text) as { csrfToken: string };
    const given = csrf.headers["set-cookie"]!;
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      cookie: given.map((line) => line.split(";")[0]).join("; "),
      origin: `https://localhost:${port}`,
      "sec-fetch-site": "same-origin",
    };
    const form = new URLSearchParams({ csrfToken, email, password: knownPassword, json: "true" });
    const signedIn = await ask("/api/auth/callback/credentials", { method: "POST", headers }, form.toString());
    expect([signedIn.status, signedIn.text]).toEqual([200, expect.not.stringContaining("error=")]);
    return [...given, ...signedIn.headers["set-cookie"]!];
  }

  test.skipIf(missing)("every cookie is Secure, HttpOnly and SameSite, has a prefix and no Domain", async () => {
    const cookies = await signIn();
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__(Host|Secure)-/);
      expect(cookie).toMatch(/; Secure/i);
      expect(cookie).toMatch(/; HttpOnly/i);
      expect(cookie).toMatch(/; SameSite=(Lax|Strict)/i);
      expect(cookie).not.toMatch(/; Domain=/i);
    }
    expect(cookies.some((cookie) => cookie.startsWith("__Secure-next-auth.session-token="))).toBe(true);
    expect(cookies.some((cookie) => cookie.startsWith("__Host-next-auth.csrf-token="))).toBe(true);
  });

  test.skipIf(missing)("the session works, HSTS is on every answer, and old TLS is refused", async () => {
    const cookie = (await signIn()).map((line) => line.split(";")[0]).join("; ");
    expect((await ask("/users", { headers: { cookie } })).status).toBe(200);
    for (const target of ["/sign-in", "/api/health", "/api/store/a/b", "/_next/static/none.js", "/%ff", "/mark.svg"])
      expect((await ask(target)).headers["strict-transport-security"], target).toMatch(
        /^max-age=63072000; includeSubDomains/,
      );
    expect((await ask("/sign-in")).headers["content-security-policy"]).toContain("upgrade-insecure-requests");
    await expect(ask("/sign-in", { maxVersion: "TLSv1.1", minVersion: "TLSv1" })).rejects.toThrow();
  });

  test.skipIf(missing)("a redirect stays on https and on the portal's name", async () => {
    const { status, headers } = await ask("/users");
    expect([status, new URL(headers.location!, `https://localhost:${port}`).origin]).toEqual([
      307,
      `https://localhost:${port}`,
    ]);
  });
});
