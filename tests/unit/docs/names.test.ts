import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { describe, expect, it, test } from "vitest";
import { errorStatus } from "@/lib/core/errors";
import * as schema from "@/lib/db/schema";
import { auditActions } from "@/lib/operation/audit-actions";

const textOf = (page: string) => readFileSync(page, "utf8");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].filter((page) => existsSync(page));
/** Addresses of earlier releases that still answer are named with their sources in the configuration. */
const earlier = [...textOf("next.config.mjs").matchAll(/source: "(\/[\w/-]+)/g)].map(
  ([, address]) => new RegExp(`^${address}`),
);
const routes = [...addressesOf("app", "route.ts"), ...earlier];
const screens = addressesOf("app", "page.tsx");
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const { crons } = JSON.parse(readFileSync("vercel.json", "utf8")) as { crons: { path: string }[] };

const settings = new Set(textOf(".env.example").match(/\b[A-Z][A-Z0-9_]+\b/g));
const tables: string[] = Object.values(schema).flatMap((table) => (is(table, PgTable) ? getTableName(table) : []));
const webhookEvents = [
  "recording.stored",
  "recording.failed",
  "recording.empty",
  "message.sms",
  "message.voice",
  "message.undelivered",
];
const textsIn = (locale: string) =>
  readdirSync(`lib/i18n/messages/${locale}`).flatMap((file) =>
    [...textOf(`lib/i18n/messages/${locale}/${file}`).matchAll(/: "(.*?)\.?"/g)].map(([, text]) => text!),
  );
const texts = { en: textsIn("en"), "pt-BR": textsIn("pt-BR") };

/** The addresses of an app folder's files of one name: groups left out, one pattern for each. */
function addressesOf(folder: string, file: string): RegExp[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(file))
    .map((path) => {
      const parts = dirname(path)
        .split("/")
        .filter((part) => part !== "." && !part.startsWith("("));
      const pattern = parts.map((part) =>
        part.startsWith("[...") ? ".+" : part.startsWith("[") ? "[^/]+" : part.replaceAll(".", "\\."),
      );
      return new RegExp(`^/${pattern.join("/")}$`);
    });
}

const found = (page: string, pattern: RegExp) => [...textOf(page).matchAll(pattern)].map((match) => match[1]!);
const without = (names: string[], exists: (name: string) => boolean) => [...new Set(names)].filter((n) => !exists(n));

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): string[] {
  const prose = textOf(page).replaceAll(/```[^]*?```/g, "");
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path, anchor] = link.split("#");
  const target = path ? join(dirname(page), path) : page;
  return existsSync(target) && (!anchor || anchorsOf(target).includes(anchor));
}

describe.each(pages)("%s names only what exists", (page) => {
  it("relative links and their anchors", () => {
    const links = found(page, /\]\(([^)\s]+)\)/g).filter((link) => !/^(https?|mailto):/.test(link));
    expect(without(links, (link) => leadsSomewhere(page, link))).toEqual([]);
  });

  it("files and folders", () => {
    const folders = "lib|app|components|scripts|tests|drizzle|docs";
    const paths = found(
      page,
      new RegExp(`(?<![\\w/.-])((?:${folders})/(?:[\\w./[\\]@-]|\\([a-z]+\\)/)*[\\w\\]/])`, "g"),
    );
    expect(without(paths, existsSync)).toEqual([]);
  });

  it("npm commands", () => {
    const names = [...found(page, /npm run (?:--silent )?([\w-]+)/g), ...found(page, /npm (test|start)\b/g)];
    expect(without(names, (name) => name in scripts)).toEqual([]);
  });

  it("addresses of the API", () => {
    const addresses = found(page, /(?<!\w)(\/api\/[\w./{}-]*\w\}?)/g).map((address) =>
      address.replaceAll(/\{\w+\}/g, "id"),
    );
    expect(without(addresses, (address) => routes.some((route) => route.test(address)))).toEqual([]);
  });

  it("labels of the portal, in italics with a capital", () => {
    const labels = found(page, /(?<!\*)\*(\p{Lu}[^*]*)\*(?!\*)/gu);
    const shown = page.endsWith(".pt-BR.md") ? texts["pt-BR"] : texts.en;
    const isShown = (label: string) => shown.some((text) => text === label || text.startsWith(`${label} (`));
    expect(without(labels, isShown)).toEqual([]);
  });

  it("settings", () => {
    const names = found(page, /`([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])\b/g);
    const others = /^(TEST_|BENCH_|MINIO_)|_SEED$/;
    expect(without(names, (name) => others.test(name) || settings.has(name))).toEqual([]);
  });

  it("audit events and webhooks", () => {
    const names = found(page, /`(?!upload\.)([a-z_]+\.[a-z_]+)`/g).filter(
      (name) => !/\.(csv|json|jsonl|md|mjs|pdf|pem|ts|txt)$/.test(name),
    );
    const known: readonly string[] = [...auditActions, ...webhookEvents];
    // Fields of OCSF and OTLP: tests/unit/notifications/siem-ocsf.test.ts compares them.
    const ofOthers =
      /^(api|client|custodia|event|metadata|src_endpoint|user)\.(?!created|updated|[a-z]+ivated|password)/;
    const isKnown = (name: string) => known.includes(name) || (page === "docs/siem.md" && ofOthers.test(name));
    expect(without(names, isKnown)).toEqual([]);
  });

  it("tables", () => {
    const names = found(page, /(?:\btable \(?)`([a-z_]+)`/g).concat(found(page, /`([a-z_]+)` (?:row|table)\b/g));
    expect(without(names, (name) => tables.includes(name))).toEqual([]);
  });

  it("pages of the portal", () => {
    const names = found(page, /`(\/(?!api\/)[a-z][\w/-]*)`/g);
    expect(without(names, (name) => screens.some((screen) => screen.test(name)))).toEqual([]);
  });
});

test("the deploy guide names each cron address", () => {
  const readme = textOf("README.md");
  expect(crons.map(({ path }) => path).filter((path) => !readme.includes(path))).toEqual([]);
});

test("code, scripts and settings name guides that exist", () => {
  const files = ["lib", "app", "components", "scripts", "tests"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(tsx?|mjs)$/.test(path))
      .map((path) => join(folder, path)),
  );
  const named = [".env.example", ...files].flatMap((file) => found(file, /\b(docs\/[\w-]+\.md)\b/g));
  expect(without(named, existsSync)).toEqual([]);
});

test("the errors of the uploading guide have the status that the portal answers", () => {
  const told = [...textOf("docs/uploading.md").matchAll(/^\| (`[^|]+) \| (\d{3}) \|/gm)].flatMap(([, codes, status]) =>
    [...codes!.matchAll(/`(\w+)`/g)].map(([, code]) => [code!, Number(status)] as const),
  );
  expect(told.length).toBeGreaterThan(15);
  expect(told.filter(([code, status]) => errorStatus[code as keyof typeof errorStatus] !== status)).toEqual([]);
});
