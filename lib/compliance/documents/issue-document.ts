import { stringify } from "csv-stringify/sync";
import { createTranslator } from "use-intl/core";
import { z } from "zod";
import { readDocument, type DocumentDetail } from "@/lib/compliance/documents/read-document";
import { signedDocument, type WrittenText } from "@/lib/compliance/documents/signed-document";
import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/core/env";
import { excelCsv } from "@/lib/core/excel-csv";
import { documentKinds } from "@/lib/db/schema/governance";
import { formatDateTime } from "@/lib/i18n/format";
import { loadMessages } from "@/lib/i18n/namespaces";
import { query } from "@/lib/operation/operation";

export type IssuedDocument = { name: string; contentType: string; body: Buffer | string };

/**
 * A saved version of a document as a file, in Portuguese: PDF with its signed content, or CSV.
 * @throws AppError `not_found` if there is no such version; `company_certificate_unusable`.
 */
export const issueDocument = query({
  permission: "register:read",
  input: z.object({
    kind: z.enum(documentKinds),
    version: z.coerce.number().int().min(1).optional(),
    format: z.enum(["pdf", "csv"]).default("pdf"),
  }),
  run: async ({ db, context, input: { format, ...which } }): Promise<IssuedDocument> => {
    const document = await readDocument(context, which);
    if (!document.shown) throw new AppError("not_found");
    const say = await words();
    const number = `${say(`documents.numbers.${document.kind}`)}-v${document.shown.version}`;
    const title = say(`documents.kinds.${document.kind}`);
    const texts = document.texts.filter(({ text }) => text !== "").map((text) => written(text, say));
    if (format === "csv")
      return { name: `custodia-${number}.csv`, contentType: "text/csv; charset=utf-8", body: csvOf(document, say) };
    const { sections } = document;
    const body = await signedDocument(db, { title, number, lead: leadOf(document), texts, sections }, new Date());
    return { name: `custodia-${number}.pdf`, contentType: "application/pdf", body };
  },
});

async function words() {
  const { compliance } = await loadMessages("pt-BR");
  const translate = createTranslator({ locale: "pt-BR", messages: { compliance }, namespace: "compliance" });
  return translate as unknown as (key: string, values?: Record<string, string>) => string;
}

type Say = Awaited<ReturnType<typeof words>>;
type Text = DocumentDetail["texts"][number];

/** "transfer:<place>" is the mechanism of a place. */
function titleOf(key: string, say: Say): string {
  const [field, place = ""] = key.split(":") as [string, string?];
  return say(`documents.fields.${field}`, { place });
}

const moment = (at: string | Date) => formatDateTime(new Date(at), env().CONTROLLER_TIME_ZONE);

const written = ({ key, text, by, at }: Text, say: Say): WrittenText => ({
  title: titleOf(key, say),
  text,
  note: `Escrito por ${by ?? "pessoa sem nome"}${at === null ? "" : ` em ${moment(at)}`}.`,
});

function leadOf({ shown, versions, needsAdoption }: DocumentDetail): string[] {
  const version = versions.find((one) => one.version === shown!.version);
  const saved = version
    ? `Versão ${version.version}, salva por ${version.savedBy} em ${moment(version.createdAt)}.`
    : "";
  const digest = `SHA-256 do conteúdo, registrado na trilha de auditoria: ${shown!.sha256}.`;
  if (!needsAdoption) return [saved, digest];
  const adopted = version?.adoptedAt
    ? `Adotado por ${version.adoptedBy} em ${moment(version.adoptedAt)}.`
    : "MINUTA: o encarregado ainda não adotou este documento.";
  return [adopted, saved, digest];
}

function csvOf({ sections, texts }: DocumentDetail, say: Say): string {
  const head = ["columns.section", "columns.item", "columns.fact", "columns.value", "columns.by", "columns.at"];
  const facts = sections.flatMap((section) =>
    section.rows.flatMap((row) => row.facts.map(([term, value]) => [section.title, row.title, term, value, "", ""])),
  );
  const people = texts
    .filter(({ text }) => text !== "")
    .map(({ key, text, by, at }) => [titleOf(key, say), "", "", text, by ?? "", at === null ? "" : moment(at)]);
  return `\uFEFF${stringify([head.map((key) => say(`documents.${key}`)), ...people, ...facts], excelCsv)}`;
}
