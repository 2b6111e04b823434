import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { commonMessages, publicMessages, sectionMessages } from "@/lib/i18n/client-messages";
import { namespaces } from "@/lib/i18n/namespaces";

const text = (file: string) => readFileSync(file, "utf8");
const isClient = (file: string) => text(file).startsWith('"use client"');

const imports = (file: string): string[] =>
  [...text(file).matchAll(/^import (?!type )[\s\S]*? from "(@\/|\.)([^"]+)"/gm)].flatMap(([, root, path]) => {
    const module = root === "." ? join(dirname(file), `.${path}`) : path;
    return [`${module}.tsx`, `${module}.ts`].find((name) => existsSync(name)) ?? [];
  });

/** The modules that these import, with themselves. A server action is no module of the browser. */
function reached(start: readonly string[]): Set<string> {
  const seen = new Set(start);
  for (const file of seen) for (const next of imports(file)) if (!text(next).startsWith('"use server"')) seen.add(next);
  return seen;
}

/** The messages that modules use: "audit.integrity" of `useTranslations("audit.integrity")`, or of a whole key. */
function used(file: string): string[] {
  const named = [...text(file).matchAll(/useTranslations\("([^"]+)"\)/g)].map(([, path]) => path!);
  if (!text(file).includes("useTranslations()")) return named;
  const keys = [...text(file).matchAll(/["`](\w+)\.[\w${]/g)].map(([, name]) => name!);
  return [...named, ...keys.filter((name) => (namespaces as string[]).includes(name))];
}

/** Whether a message, or a part of it, is used. */
const isUsed = (path: string, needed: readonly string[]) =>
  needed.some((use) => covers([path], use) || use === path.split(".")[0]);

const covers = (given: readonly string[], path: string) =>
  given.some((name) => path === name || path.startsWith(`${name}.`));

/** The messages that pages use in the browser, without these. */
function clientMessagesOf(pages: readonly string[], without: readonly string[] = commonMessages): string[] {
  const clients = [...reached(pages)].filter(isClient);
  const paths = [...reached(clients)].flatMap(used);
  return [...new Set(paths)].filter((path) => !covers(without, path)).sort();
}

const sections = Object.entries(sectionMessages);

test("every section of the portal has its messages", () => {
  const folders = globSync("app/(portal)/*/page.tsx").map((file) => file.split("/")[2]);
  expect(sections.map(([name]) => name).sort()).toEqual(folders.sort());
});

test.each(sections)(
  "the pages of %s send the browser the messages that they use there, and no others",
  (name, given) => {
    const needed = clientMessagesOf(globSync(`app/(portal)/${name}/**/*.tsx`));
    expect(needed.filter((path) => !covers(given, path))).toEqual([]);
    expect(given.filter((path) => !isUsed(path, needed))).toEqual([]);
  },
);

test("the pages without a sign-in send the browser the messages that they use there, and no others", () => {
  const needed = clientMessagesOf(globSync("app/(public)/**/*.tsx"), []);
  expect(needed.filter((path) => !covers(publicMessages, path))).toEqual([]);
  expect(publicMessages.filter((path) => !isUsed(path, needed))).toEqual([]);
});

test("the frame of the portal has its messages", () => {
  expect(clientMessagesOf(["app/(portal)/layout.tsx", ...globSync("app/*.tsx")])).toEqual([]);
});
