import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { roles } from "@/lib/operation/actor";
import { describeBuilt, sendRaw, startBuiltPortal, type Asked, type BuiltPortal } from "../../support/built-portal";
import { randomFrom } from "../../support/fault-schedule";
import { methods, portalRoutes } from "../../support/portal";
import { isThorough } from "../../support/seeds";
import { builtActions } from "../../support/server-actions";
import { root } from "../../support/source-files";

const requests = isThorough ? 10_000 : 500;
const seed = Number(process.env.SEED ?? 20_261_130);

/** Values that have broken programs before. */
const nasty = [
  ...["", " ", "0", "-1", "1e400", "NaN", "null", "true", "[]", "{}", "undefined", "__proto__", "constructor"],
  ...["'", '"', "' or 1=1--", "${7*7}", "{{7*7}}", "<script>", "%00", "%0d%0a", "..%2f..%2f", "../../etc/passwd"],
  ...["\u202e", "\u0000", "\ud800", "a".repeat(3000), "9".repeat(400), "2026-02-30", "9999-12-31T23:59:59.999Z"],
  ...["0001-01-01", "+275760-09-13", "019b1c7e-0000-7000-8000-000000000000", "00000000-0000-0000-0000-000000000000"],
];
const fields = [
  ...[
    "id",
    "unit",
    "name",
    "email",
    "role",
    "locale",
    "after",
    "before",
    "sort",
    "from",
    "to",
    "q",
    "purpose",
    "reason",
  ],
  ...[
    "startedAt",
    "contentType",
    "sizeBytes",
    "sha256",
    "source",
    "sourceCallId",
    "recordingId",
    "page",
    "state",
    "kind",
  ],
];
const types = ["application/json", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "audio/wav", "x"];

/** The addresses of pages, with parameters as Next.js writes them. */
const pages = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "page.tsx")
  .map((file) => `/${path.dirname(file)}`.replaceAll(/\/\([^)]+\)/g, "").replace(/^\/\.$/, "/"));

describeBuilt(`${requests} random requests to every route, page and action (SEED=${seed})`, () => {
  let portal: BuiltPortal;
  let logins: Record<string, string>[];

  beforeAll(async () => {
    portal = await startBuiltPortal();
    const { serviceAccount, signedInAs } = await import("../../support/people");
    const { phoneSystem, storedRecording } = await import("../../support/uploads");
    ids.push(await storedRecording(await phoneSystem()));
    const people = await Promise.all(roles.map((role) => signedInAs(role)));
    logins = [...people.map(({ headers }) => headers), (await serviceAccount()).headers, {}];
  });
  afterAll(() => portal?.end());

  const ids: string[] = ["019b1c7e-0000-7000-8000-000000000000"];

  async function generator() {
    const random = randomFrom(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
    const value = () => (random() < 0.3 ? pick(ids) : pick(nasty));
    const json = (depth = 0): unknown => {
      const kind = random();
      if (kind < 0.5 || depth > 2) return value();
      if (kind < 0.6) return pick([null, true, -1, 0, 1e308, 2 ** 53, []]);
      if (kind < 0.7) return Array.from({ length: Math.floor(random() * 4) }, () => json(depth + 1));
      return Object.fromEntries(
        Array.from({ length: 1 + Math.floor(random() * 5) }, () => [pick(fields), json(depth + 1)]),
      );
    };
    const fill = (address: string) =>
      address.replaceAll(/\[(?:\.\.\.)?\w+\]/g, () =>
        random() < 0.5 ? pick(ids) : encodeURI(value().toWellFormed()).slice(0, 500) || "x",
      );
    const query = () => {
      if (random() < 0.4) return "";
      const pairs = Array.from({ length: 1 + Math.floor(random() * 3) }, () => [pick(fields), value()]);
      return `?${new URLSearchParams(pairs as [string, string][])}`;
    };
    const routes = (await portalRoutes()).map(({ path: address }) => address);
    const actions = builtActions();
    const body = () => (random() < 0.5 ? JSON.stringify(json()) : String(value()));

    return function next(): Asked & { target: string } {
      const headers: Record<string, string> = { ...pick(logins) };
      if (random() < 0.1) headers.authorization = pick(["Bearer", "Basic x", `Bearer ${"x".repeat(50)}`, "bearer  a"]);
      if (random() < 0.1)
        headers.range = pick(["bytes=0-", "bytes=9-1", "bytes=-0", "x", "bytes=0-1,5-9", "bytes=1e9-"]);
      if (random() < 0.1) headers["accept-language"] = pick(["x", "pt;q=9", "*", "en-".repeat(300)]);
      if (random() < 0.1) headers.rsc = "1";
      const kind = random();
      if (kind < 0.45) {
        const method = pick([...methods, "OPTIONS"]);
        const hasBody = !["GET", "HEAD", "OPTIONS"].includes(method);
        if (hasBody) headers["content-type"] = pick(types);
        return { target: fill(pick(routes)) + query(), method, headers, ...(hasBody ? { body: body() } : {}) };
      }
      if (kind < 0.75) return { target: fill(pick(pages)) + query(), headers: { ...headers, accept: "text/html" } };
      const action = { "next-action": random() < 0.9 ? pick(actions).id : value().replaceAll(/[^ -~]/g, "") };
      const type = { "content-type": pick(types.slice(0, 2)) };
      const said = random() < 0.3 ? body() : JSON.stringify([json(), json()].slice(0, Math.floor(random() * 3)));
      return { target: fill(pick(pages)), method: "POST", headers: { ...headers, ...action, ...type }, body: said };
    };
  }

  test("no answer of 5xx, no stack trace, no unexpected error", { timeout: 900_000 }, async () => {
    const next = await generator();
    const wrong: string[] = [];
    let left = requests;
    const worker = async () => {
      while (left-- > 0) {
        const asked = next();
        const { status, text } = await sendRaw(portal.origin, asked.target, asked);
        const isTrace = /\bat \S+ \(\S+:\d+|node_modules|\.js:\d+:\d+|PostgresError|select .* from "/.test(text);
        if (status >= 500 || isTrace)
          wrong.push(`${status} ${asked.method ?? "GET"} ${asked.target.slice(0, 200)} ${text.slice(0, 200)}`);
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    const unexpected = (await portal.log()).split("\n").filter((line) => line.includes("unexpected error"));
    expect([wrong, unexpected.map((line) => line.slice(0, 900))]).toEqual([[], []]);
  });
});
