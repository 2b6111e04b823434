import { currentSigningKey } from "@/lib/audit/signing-keys";
import { writePdf } from "@/lib/receipts/pdf/pdf-writer";
import {
  companyCertificate,
  mayBeOf,
  type CompanyCertificate,
} from "@/lib/receipts/company-signature/company-certificate";
import { unusable } from "@/lib/receipts/company-signature/open-pkcs12";
import { signPdf, signatureSpace } from "@/lib/receipts/company-signature/sign-pdf";
import { letterContent, type LetterContent } from "@/lib/subject-requests/letter/letter-content";
import { signLetter } from "@/lib/subject-requests/letter/letter-statement";
import { letterText } from "@/lib/subject-requests/letter/letter-text";
import { letterWords } from "@/lib/subject-requests/letter/letter-words";

/**
 * Writes a letter as a tagged PDF with embedded fonts. Without a certificate the same content gives the same bytes.
 * @param certificate signs the file (PAdES B-B); null: only the installation's key signs, beside the file.
 * @throws ZodError for a content that no letter may have: see `letterContent`.
 */
export async function renderLetter(
  content: LetterContent,
  certificate: CompanyCertificate | null = null,
): Promise<Buffer> {
  const checked = letterContent.parse(content);
  const text = letterText(checked, await letterWords(checked.locale), certificate?.subject ?? null);
  if (certificate === null) return writePdf(text);
  const prepare = signatureSpace({ name: checked.controller.name, reason: text.title, certificate });
  return signPdf(await writePdf(text, { prepare }), certificate);
}

export type IssuedLetter = {
  pdf: Buffer;
  /** One line of JSON that the installation's key signed: `npm run receipts -- verify`. */
  statement: string;
};

/**
 * A letter as it is given to the person: signed by the company's certificate where one is configured, and by the
 * installation's key.
 * @throws AppError `company_certificate_unusable` if the configured certificate cannot sign now.
 */
export async function issueLetter(content: LetterContent): Promise<IssuedLetter> {
  const certificate = await companyCertificate();
  if (certificate && !mayBeOf(certificate, content.controller.cnpj))
    throw unusable("names the CNPJ of another company");
  const pdf = await renderLetter(content, certificate);
  const { number, protocol, issuedAt, controller } = content;
  const facts = { number, protocol, issuedAt, controller: controller.name };
  return { pdf, statement: signLetter(pdf, facts, currentSigningKey()) };
}
