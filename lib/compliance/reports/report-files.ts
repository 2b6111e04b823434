import { hash } from "node:crypto";
import { listAccessDecisions } from "@/lib/compliance/reports/list-access-decisions";
import { accessesAsCsv, accessesHead, decisionsAsCsv, figuresAsCsv } from "@/lib/compliance/reports/report-csv";
import { listAccesses } from "@/lib/compliance/reports/list-accesses";
import type { ReportContent } from "@/lib/compliance/reports/report-content";
import { reportText } from "@/lib/compliance/reports/report-text";
import type { ReportWords } from "@/lib/compliance/reports/report-words";
import type { reportFileKinds } from "@/lib/db/schema/audit-reports";
import type { MadeFile } from "@/lib/media/made-file";
import { SealedSpool } from "@/lib/media/transcoder/sealed-spool";
import type { OperationContext } from "@/lib/operation/operation";
import { companyCertificate, mayBeOf } from "@/lib/receipts/company-signature/company-certificate";
import { unusable } from "@/lib/receipts/company-signature/open-pkcs12";
import { signPdf, signatureSpace } from "@/lib/receipts/company-signature/sign-pdf";
import { writePdf } from "@/lib/receipts/pdf/pdf-writer";

export type ReportFile = MadeFile & { kind: (typeof reportFileKinds)[number] };

type Made = { files: ReportFile[]; close: () => Promise<void> };

/**
 * Writes the files of a report. The list of accesses is not held in memory; the caller closes it.
 * @throws AppError `company_certificate_unusable` if the configured certificate cannot sign now.
 */
export async function makeFiles(context: OperationContext, content: ReportContent, words: ReportWords): Promise<Made> {
  const spool = await SealedSpool.open();
  try {
    const decisions = await listAccessDecisions(context, content.period);
    const figures = Buffer.from(figuresAsCsv(content, words));
    const files = [
      inMemory("pdf", "application/pdf", await pdfOf(content, words)),
      inMemory("figures", csvType, figures),
      inMemory("reviews", csvType, Buffer.from(decisionsAsCsv(decisions, words, content.timeZone))),
      await spooled(context, spool, content, words),
    ];
    return { files, close: () => spool.close() };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

const csvType = "text/csv; charset=utf-8";

async function pdfOf(content: ReportContent, words: ReportWords): Promise<Buffer> {
  const certificate = await companyCertificate();
  if (certificate && !mayBeOf(certificate, content.controller.cnpj))
    throw unusable("names the CNPJ of another company");
  const text = reportText(content, words, certificate?.subject ?? null);
  if (certificate === null) return writePdf(text);
  const prepare = signatureSpace({ name: content.controller.name, reason: text.title, certificate });
  return signPdf(await writePdf(text, { prepare }), certificate);
}

function inMemory(kind: ReportFile["kind"], contentType: string, body: Buffer): ReportFile {
  const sha256 = hash("sha256", body, "hex");
  return { kind, contentType, sizeBytes: body.length, sha256, read: () => pieces(body) };
}

async function* pieces(body: Buffer): AsyncGenerator<Uint8Array> {
  yield body;
}

async function spooled(
  context: OperationContext,
  spool: SealedSpool,
  { period, timeZone }: ReportContent,
  words: ReportWords,
): Promise<ReportFile> {
  await spool.write(Buffer.from(accessesHead(words)));
  let after: Parameters<typeof listAccesses>[1]["after"];
  do {
    const page = await listAccesses(context, { ...period, after });
    if (page.rows.length > 0) await spool.write(Buffer.from(accessesAsCsv(page.rows, words, timeZone)));
    after = page.next ?? undefined;
  } while (after);
  const sha256 = spool.finish();
  return { kind: "accesses", contentType: csvType, sizeBytes: spool.sizeBytes, sha256, read: () => spool.read() };
}
