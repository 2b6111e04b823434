import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { CallHandling } from "@/components/recordings/call-handling";
import { Quarantine } from "@/components/recordings/quarantine";
import { QuarantineNotice } from "@/components/recordings/quarantine-notice";
import { GroundFields } from "@/components/retention/policies/ground-fields";
import { ToastProvider } from "@/components/ui/toast";
import { loadMessages } from "@/lib/i18n/namespaces";
import type { Locale } from "@/lib/i18n/locales";
import { offeredBases } from "@/lib/retention/policies/legal-bases";

async function shown(children: ReactNode, locale: Locale = "en"): Promise<string> {
  const problems: unknown[] = [];
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      timeZone="UTC"
      messages={(await loadMessages(locale)) as never}
      onError={(error) => problems.push(error)}
    >
      <ToastProvider>{children}</ToastProvider>
    </NextIntlClientProvider>,
  );
  expect(problems).toEqual([]);
  return html;
}

const action = async () => ({ status: "idle" }) as const;
const handling = {
  announcementPlayed: "yes",
  announcementVersion: "v3",
  sensitiveContent: "unknown",
  cardDataHandling: "masked",
} as const;
const card = { recordingId: "0195", handling, change: null, quarantine: null };

test.each([
  ["pt-BR", ["Sim (versão v3)", "Não informado", "Som mascarado"], "Alterar", "Colocar em quarentena"],
  ["en", ["Yes (version v3)", "Not informed", "Sound masked"], "Change", "Quarantine"],
] as const)(
  "the handling of a call is shown in %s; only who may change it gets buttons",
  async (locale, said, ...buttons) => {
    const html = await shown(<CallHandling {...card} />, locale);
    for (const text of said) expect(html).toContain(text);
    expect(html).not.toContain("<button");
    const change = { revision: "r", action };
    const writable = await shown(<CallHandling {...card} change={change} quarantine={action} />, locale);
    for (const button of buttons) expect(writable).toContain(`${button}</button>`);
  },
);

test("a quarantine shows its decisions to who may decide, and to others that the DPO does", async () => {
  const decided = await shown(<Quarantine recordingId="0195" actions={{ release: action, erase: action }} />);
  expect(decided).toMatch(/Release<\/button>.*Erase<\/button>/s);
  const waits = await shown(<Quarantine recordingId="0195" actions={null} />);
  expect(waits).toContain("The DPO decides");
  expect(waits).not.toContain("<button");
});

test("a list says how many quarantined recordings it leaves out, with a link that keeps its filters", async () => {
  const html = await shown(<QuarantineNotice filters={{ direction: "inbound" }} left={2} />);
  expect(html).toContain("2 quarantined recordings match");
  expect(html).toContain('href="/recordings?direction=inbound&amp;quarantined=yes"');
  expect(await shown(<QuarantineNotice filters={{}} left={0} />)).not.toContain("quarantined");
  expect(await shown(<QuarantineNotice filters={{ quarantined: "yes" }} left={0} />)).toContain("may have card data");
});

test("the form of a policy over sensitive content offers no basis of Art. 7, also not its present one", async () => {
  const terms = { legalBasis: "art7_ix" as const, source: "s", reviewOn: "2099-01-01", justification: "j" };
  const fields = (sensitive: "yes" | "no") =>
    shown(<GroundFields terms={terms} legalBases={offeredBases(sensitive)} problem={() => undefined} />);
  const sensitive = await fields("yes");
  expect(sensitive).not.toContain('value="art7_');
  expect(sensitive).toContain('value="art11_i"');
  expect(sensitive).toContain("only the bases of LGPD Art. 11 are offered");
  expect(await fields("no")).toContain('<option value="art7_ix" selected="">');
});
