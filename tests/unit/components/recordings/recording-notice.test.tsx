import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { RecordingNotice } from "@/components/recordings/recording-notice";
import { loadMessages } from "@/lib/i18n/namespaces";
import type { RecordingDetails } from "@/lib/recordings/read-recording";

const shown = async (locale: "pt-BR" | "en", recording: Partial<RecordingDetails>) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale={locale} timeZone="UTC" messages={(await loadMessages(locale)) as never}>
      <RecordingNotice recording={{ state: "stored", ...recording } as RecordingDetails} />
    </NextIntlClientProvider>,
  );

test("says of a recording without sound that it has none; to who may not play it, that they may not", async () => {
  expect(await shown("pt-BR", { isEmpty: true, mayPlay: true })).toContain("Esta gravação não tem som");
  expect(await shown("en", { isEmpty: true, mayPlay: true })).toContain("This recording has no sound");
  for (const isEmpty of [true, false])
    expect(await shown("pt-BR", { isEmpty, mayPlay: false })).toMatch(/Seu perfil .* não ouvi-la/);
});
