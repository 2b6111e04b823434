import { readdirSync, readFileSync } from "node:fs";
import { createTranslator } from "next-intl";
import { describe, expect, it } from "vitest";
import { errorStatus } from "@/lib/core/errors";
import { locales } from "@/lib/i18n/locales";
import { loadMessages, namespaces } from "@/lib/i18n/namespaces";
import { messageArguments } from "./message-arguments";

const folder = new URL("../../../lib/i18n/messages/", import.meta.url);
const files = (locale: string) => readdirSync(new URL(`${locale}/`, folder)).sort();

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): [key: string, message: string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${prefix}${key}`, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
}

function read(locale: string, file: string): [key: string, message: string][] {
  return flatten(JSON.parse(readFileSync(new URL(`${locale}/${file}`, folder), "utf8")) as Tree);
}

describe("messages", () => {
  it("have the same namespaces in every language, all listed", () => {
    for (const locale of locales) expect(files(locale)).toEqual([...namespaces].sort().map((name) => `${name}.json`));
  });

  describe.each(files(locales[0]))("%s", (file) => {
    const [reference = [], ...others] = locales.map((locale) => read(locale, file));

    it("has the same keys in every language", () => {
      for (const other of others)
        expect(other.map(([key]) => key).sort()).toEqual(reference.map(([key]) => key).sort());
    });

    it("takes the same arguments in every language", () => {
      const argumentsByKey = (messages: typeof reference) =>
        Object.fromEntries(messages.map(([key, message]) => [key, messageArguments(message)]));
      for (const other of others) expect(argumentsByKey(other)).toEqual(argumentsByKey(reference));
    });

    it("has no empty message", () => {
      for (const messages of [reference, ...others])
        expect(messages.filter(([, message]) => message.trim() === "")).toEqual([]);
    });
  });

  it.each(locales)("of %s are all valid ICU", async (locale) => {
    const messages = await loadMessages(locale);
    const broken: string[] = [];
    const onError = (error: Error & { code?: string }) => {
      if (error.code === "INVALID_MESSAGE") broken.push(error.message);
    };
    const translate = createTranslator({ locale, messages: messages as unknown as Tree, timeZone: "UTC", onError });
    for (const [key] of flatten(messages as unknown as Tree)) translate(key as never);
    expect(broken).toEqual([]);
  });

  it.each(locales)("of %s explain exactly the error codes", (locale) => {
    expect(
      read(locale, "errors.json")
        .map(([key]) => key)
        .sort(),
    ).toEqual(Object.keys(errorStatus).sort());
  });
});

describe("messageArguments", () => {
  it("finds arguments, tags, and those inside branches", () => {
    expect(messageArguments("Olá, {name}: {count, plural, one {# de {total}} other {<b>#</b>}}")).toEqual([
      "<b>",
      "count:plural",
      "name",
      "total",
    ]);
    expect(messageArguments("sem nada")).toEqual([]);
  });
});
