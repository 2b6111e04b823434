import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ControllerHistory } from "@/components/access/controller/controller-history";
import { ControllerSummary } from "@/components/access/controller/controller-summary";
import { MissingFacts } from "@/components/access/controller/missing-facts";
import { ControllerNotice } from "@/components/overview/controller-notice";
import { factNames, noFacts } from "@/lib/access/controller/controller-facts";
import type { ControllerVersion } from "@/lib/access/controller/list-controller-versions";
import { missingFacts, type MissingFact } from "@/lib/access/controller/missing-facts";
import { locales, type Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

/** The text that a component shows. Fails on a missing message. */
async function textOf(children: ReactNode, locale: Locale): Promise<string> {
  const problems: unknown[] = [];
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={await loadMessages(locale)}
      timeZone="America/Sao_Paulo"
      now={new Date()}
      onError={(error) => problems.push(error)}
    >
      {children}
    </NextIntlClientProvider>,
  );
  expect(problems).toEqual([]);
  return html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#x27;", "'")
    .replaceAll(/\s+/g, " ")
    .trim();
}

const everything: MissingFact[] = [
  ...missingFacts(noFacts, []),
  ...missingFacts({ ...noFacts, smallAgent: true, officerUserId: "a", substituteUserId: "b", approverUserId: "c" }, []),
];

describe.each(locales)("in %s", (locale) => {
  it("the notice says nothing while nothing is missing, and names what is", async () => {
    expect(await textOf(<ControllerNotice settings={{ version: 3, missing: [] }} />, locale)).toBe("");
    expect(await textOf(<MissingFacts missing={[]} />, locale)).toBe("");
    const first = await textOf(<ControllerNotice settings={{ version: 0, missing: everything }} />, locale);
    expect(first).toMatch(/Art\. 41|art\. 41/);
    const some = await textOf(<ControllerNotice settings={{ version: 1, missing: ["cnpj", "channel"] }} />, locale);
    expect(some).toContain("CNPJ; ");
    expect(await textOf(<MissingFacts missing={everything} />, locale)).toContain("CNPJ");
  });

  it("a reader sees every fact, and a dash where nobody said it", async () => {
    const facts = { ...noFacts, legalName: "Exemplo S.A.", officerUserId: "u-1", officerAppointedOn: "2026-01-05" };
    const accounts = [{ id: "u-1", name: "Davi", isActiveDpo: true, isActiveAdmin: false }];
    const text = await textOf(<ControllerSummary settings={{ version: 1, facts, accounts, missing: [] }} />, locale);
    for (const shown of ["Exemplo S.A.", "Davi", "05/01/2026", "São Paulo (Brasília)", "–"])
      expect(text).toContain(shown);
    const names = (await loadMessages(locale)).controller.facts;
    for (const name of factNames) expect(text, name).toContain(names[name]);
  });

  it("a version names the encarregado, the act, the substitute and when it was in force", async () => {
    const version: ControllerVersion = {
      ...{ version: 2, legalName: "Exemplo S.A.", officerName: "Maria", officerFirm: "Privacidade Ltda." },
      ...{ officerAppointment: "Portaria 12", officerAppointedOn: "2026-01-05", substituteName: "José" },
      ...{ substituteAppointment: null, substituteAppointedOn: null, smallAgent: true, smallAgentReason: "ME" },
      ...{ savedAt: new Date("2026-02-01T12:00:00Z"), until: null, savedBy: "Ana", changed: ["officerName", "cnpj"] },
    };
    const now = await textOf(<ControllerHistory versions={[version]} />, locale);
    expect(now).toContain("Maria · Privacidade Ltda.");
    expect(now).toMatch(/Portaria 12, (de|of) 05\/01\/2026/);
    expect(now).toContain("José");
    expect(now).toContain("01/02/2026 09:00");
    const past = { ...version, until: new Date("2026-03-01T12:00:00Z") };
    expect(await textOf(<ControllerHistory versions={[past]} on="2026-02-10" />, locale)).toContain("01/03/2026 09:00");
    expect(await textOf(<ControllerHistory versions={[]} />, locale)).not.toContain("Maria");
  });
});
