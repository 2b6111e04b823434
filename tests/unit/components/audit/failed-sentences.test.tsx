import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test } from "vitest";
import { EventSentence } from "@/components/audit/event-sentence";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { type AuditAction, auditActions, unsuccessful } from "@/lib/operation/audit-actions";

/** What tells that something was not done, or is not as it should be. */
const negations = {
  "pt-BR": /sem permissão|errad[ao]|recusad[ao]|\bnão\b|falhou|abandonado|interrompida|tentou|divergência|problemas/,
  en: /without permission|wrong|refused|rejected|\bnot\b|failed|abandoned|interrupted|tried|discrepancy|problems/,
};
const actions = Object.entries(unsuccessful) as [AuditAction, "always" | "sometimes"][];

describe.each(locales)("a sentence in %s", (locale) => {
  let messages: Awaited<ReturnType<typeof loadMessages>>;
  beforeAll(async () => void (messages = await loadMessages(locale)));

  const sentence = (action: string, outcome: "success" | "denied" | "failure") => {
    const event = { action, outcome, target: { type: "user", id: "u", object: { name: "Rui" } } };
    return renderToStaticMarkup(
      <NextIntlClientProvider locale={locale} messages={messages} timeZone="UTC">
        <EventSentence event={{ ...event, actor: { type: "job", id: "retention", name: null, role: null } }} />
      </NextIntlClientProvider>,
    );
  };

  test.each(actions.filter(([, when]) => when === "sometimes"))("of %s that failed differs", (action) => {
    expect(sentence(action, "failure")).not.toBe(sentence(action, "success"));
    expect(sentence(action, "failure")).toMatch(negations[locale]);
    expect(sentence(action, "denied")).toMatch(negations[locale]);
  });

  test.each(actions.filter(([, when]) => when === "always"))("of %s says that it was not done", (action) => {
    expect(sentence(action, "failure")).toMatch(negations[locale]);
  });

  test("of a failure exists for no action that cannot fail", () => {
    const written = auditActions.filter((action) => sentence(action, "failure") !== sentence(action, "success"));
    expect(written.filter((action) => !(action in unsuccessful))).toEqual([]);
  });
});
