import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { CallRecordings } from "@/components/recordings/call-recordings";
import { loadMessages } from "@/lib/i18n/namespaces";
import type { CallRecording } from "@/lib/recordings/list-call-recordings";

const other = (changes: Partial<CallRecording> = {}): CallRecording => ({
  id: "0195",
  state: "stored",
  quarantine: null,
  blockedAt: null,
  startedAt: new Date("2026-03-02T17:05:31Z"),
  anonymisedAt: null,
  durationMs: 61_500,
  isEmpty: false,
  codec: null,
  sourceRecordingId: null,
  label: { side: null, part: 1 },
  unit: { name: "Suporte", timeZone: "America/Sao_Paulo" },
  ...changes,
});

const shown = async (locale: "pt-BR" | "en", parts: CallRecording[]) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale={locale} timeZone="UTC" messages={(await loadMessages(locale)) as never}>
      <CallRecordings parts={parts} currentId="0195" />
    </NextIntlClientProvider>,
  );

test.each([
  ["pt-BR", "Gravações desta chamada"],
  ["en", "Recordings of this call"],
] as const)(
  "lists the recordings of a call with links, and marks the one on the page, in %s",
  async (locale, title) => {
    const html = await shown(locale, [
      other(),
      other({ id: "0196", state: "pending", durationMs: null, sourceRecordingId: "in", codec: "PCM" }),
    ]);
    expect(html).toContain(title);
    expect(html.match(/<li aria-current="true"/g)).toHaveLength(1);
    expect(html).toMatch(/href="\/recordings\/0195"[^>]*>[^<]*14:05[^<]* · 01:01</);
    expect(html).toMatch(/href="\/recordings\/0196"[^>]*>[^<·]*14:05[^<·]*</);
    expect(html).toContain("Suporte · in · PCM");
  },
);

test("names the side and the part of the call, and what has no sound", async () => {
  const html = await shown("pt-BR", [
    other({ isEmpty: true }),
    other({ id: "0196", label: { side: "customer", part: 2 } }),
  ]);
  expect(html.match(/sem som/g)).toHaveLength(1);
  expect(html).toContain("lado do cliente · parte 2 · Suporte");
  expect(html.match(/lado do|parte 1/g)).toHaveLength(1);
});

test("shows nothing for a call with one recording", async () => {
  expect(await shown("pt-BR", [other()])).toBe("");
});
