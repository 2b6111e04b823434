import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { HiddenField } from "@/components/forms/hidden-fields";
import { AddToHold } from "@/components/legal-holds/add-to-hold";
import { ToastProvider } from "@/components/ui/toast";
import type { Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

async function shown(fields: HiddenField[], locale: Locale): Promise<string> {
  const holds = [{ id: "0195", matter: "Ação 1", recordings: 2 }];
  const action = async () => ({ status: "idle" }) as const;
  return renderToStaticMarkup(
    <AppRouterContext.Provider value={{} as never}>
      <NextIntlClientProvider locale={locale} timeZone="UTC" messages={(await loadMessages(locale)) as never}>
        <ToastProvider>
          <AddToHold holds={holds} fields={fields} action={action} />
        </ToastProvider>
      </NextIntlClientProvider>
    </AppRouterContext.Provider>,
  );
}

test.each([
  ["pt-BR", "passam a ser preservadas com a chamada inteira", "não mudam"],
  ["en", "come under it with their whole call", "do not change"],
] as const)("says what becomes of recordings that are under the hold already: %s", async (locale, widened, kept) => {
  const fields: HiddenField[] = [["recordingIds[]", "0195"]];
  const wholeCalls = await shown(fields, locale);
  expect([wholeCalls.includes(widened), wholeCalls.includes(kept)]).toEqual([true, false]);
  const onlyThese = await shown([...fields, ["onlyThese", "yes"]], locale);
  expect([onlyThese.includes(widened), onlyThese.includes(kept)]).toEqual([false, true]);
});
