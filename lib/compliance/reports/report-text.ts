import { presentTaxId } from "@/lib/core/tax-id";
import { reportSections, type Figure, type ReportSection } from "@/lib/compliance/reports/figures/figure";
import type { ReportContent } from "@/lib/compliance/reports/report-content";
import { fileName } from "@/lib/compliance/reports/report-statement";
import type { ReportWords } from "@/lib/compliance/reports/report-words";
import type { Block, DocumentText, Section } from "@/lib/receipts/pdf/document-text";

/** More rows of one part stand in the CSV alone. */
const mostRows = 60;

/** The text of a report. @param certificate subject of the certificate that signs the file; null if none does. */
export function reportText(content: ReportContent, words: ReportWords, certificate: string | null): DocumentText {
  const { number, controller, timeZone } = content;
  const { say, day } = words;
  const cnpj = controller.cnpj && (presentTaxId({ kind: "cnpj", value: controller.cnpj }, true) ?? controller.cnpj);
  const range = ({ from, to }: ReportContent["period"]) => say("range", { from: day(from), to: day(to) });
  return {
    locale: words.locale,
    subject: say("subject"),
    sender: {
      name: controller.name,
      details: [cnpj && say("cnpj", { cnpj }), controller.address].filter(Boolean).join(" · "),
    },
    addressee: [],
    title: say("title"),
    number: say("number", { number }),
    lead: [
      say("lead", { period: range(content.period), before: range(content.before), zone: words.zone(timeZone) }),
      say(`verdicts.${content.verdict}`),
    ],
    sections: [
      ...reportSections.map((section) => sectionOf(section, content, words)),
      verification(content, words, certificate),
    ],
    codesNote: say("unprintable"),
    footer: {
      note: say("number", { number }),
      page: (page, count) => say("page", { page: String(page), count: String(count) }),
    },
    writtenAt: content.issuedAt,
  };
}

function sectionOf(section: ReportSection, { figures }: ReportContent, words: ReportWords): Section {
  const { say } = words;
  const title = say(`sections.${section}`);
  const own = figures.filter((figure) => figure.section === section);
  if (own.length === 0) return { title, blocks: [{ kind: "text", text: say("nothing") }] };
  const explained: Block[] = section === "access" ? [{ kind: "text", text: say("accessNote") }] : [];
  const left = own.length - mostRows;
  const more: Block[] = left > 0 ? [{ kind: "text", text: say("more", { count: left }) }] : [];
  return { title, blocks: [...explained, tableOf(own.slice(0, mostRows), words), ...more] };
}

function tableOf(figures: readonly Figure[], words: ReportWords): Block {
  const { say, number } = words;
  const head = (["figure", "value", "before", "difference"] as const).map((column) => say(`columns.${column}`));
  const rows = figures.map((figure) => [
    figureText(figure, words),
    number(figure.value),
    number(figure.before),
    differenceText(figure, words),
  ]);
  return { kind: "table", head, rows, widths: [5, 1, 1, 1] };
}

/** "Reproduções · Ana Souza". Of an event its sentence alone. */
function figureText(figure: Figure, words: ReportWords): string {
  const subject = words.subject(figure);
  if (figure.name === "events") return subject;
  const name = words.say(`figures.${figure.name}`);
  return subject === "" ? name : `${name} · ${subject}`;
}

function differenceText({ value, before }: Figure, { number }: ReportWords): string {
  if (value === null || before === null) return "–";
  return value > before ? `+${number(value - before)}` : number(value - before).replace("-", "−");
}

function verification({ number }: ReportContent, { say }: ReportWords, certificate: string | null): Section {
  const signed: Block[] =
    certificate === null ? [] : [{ kind: "text", text: say("verify.certificate", { subject: certificate }) }];
  const command = `npm run audit -- verify-report ${fileName(number, "statement")} --public-key keys.pem`;
  return {
    title: say("verify.title"),
    blocks: [{ kind: "text", text: say("verify.text") }, { kind: "code", text: command }, ...signed],
  };
}
