import { describe, expect, it } from "vitest";
import { negotiateLocale } from "@/lib/i18n/negotiate-locale";

describe("negotiateLocale", () => {
  it("keeps what the reader chose", () => {
    expect(negotiateLocale("en", "pt-BR")).toBe("en");
    expect(negotiateLocale("pt-BR", "en")).toBe("pt-BR");
  });

  it.each([
    ["en-US,en;q=0.9", "en"],
    ["pt-PT", "pt-BR"],
    ["fr-FR, en;q=0.4, pt;q=0.8", "pt-BR"],
    ["EN", "en"],
    ["en;q=0, pt", "pt-BR"],
  ])("reads Accept-Language %s as %s", (header, locale) => expect(negotiateLocale(undefined, header)).toBe(locale));

  it.each([null, undefined, "", "*", "fr", ";;;,,q=", "x".repeat(100_000)])("falls back to Portuguese", (header) => {
    expect(negotiateLocale("../en", header)).toBe("pt-BR");
  });
});
