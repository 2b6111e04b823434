import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { currentController } from "@/lib/access/controller/controller-facts";
import { currentSigningKey, isCanonicalSignedBy, signCanonical, type PublicKeys } from "@/lib/audit/signing-keys";
import type { FactSection } from "@/lib/compliance/facts/fact-section";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { formatDateTime } from "@/lib/i18n/format";
import { companyCertificate, mayBeOf } from "@/lib/receipts/company-signature/company-certificate";
import { unusable } from "@/lib/receipts/company-signature/open-pkcs12";
import { signatureSpace, signPdf } from "@/lib/receipts/company-signature/sign-pdf";
import type { Block, DocumentText, Section } from "@/lib/receipts/pdf/document-text";
import { writePdf } from "@/lib/receipts/pdf/pdf-writer";

/** A text of a person, with its heading and who wrote it when. */
export type WrittenText = { title: string; text: string; note: string };

export type DocumentParts = {
  title: string;
  number: string;
  lead: readonly string[];
  texts: readonly WrittenText[];
  sections: readonly FactSection[];
};

const statement = z.strictObject({
  ...{ type: z.literal("custodia.compliance-document.v1"), number: z.string(), title: z.string() },
  ...{ controller: z.string(), issuedAt: z.iso.datetime({ precision: 3 }), signingKeyId: z.string() },
  /** SHA-256 of the canonical JSON (RFC 8785) of title, lead, texts and sections. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  content: z.record(z.string(), z.unknown()),
});

const signedStatement = z.strictObject({ document: statement, signature: z.string().regex(/^[0-9a-f]{128}$/) });

/**
 * Writes a document as a tagged PDF in Portuguese. Its content, signed by the key that signs the audit log's seals, is
 * attached to it as JSON; the company's certificate signs the file where one is configured (PAdES B-B).
 * @throws AppError `company_certificate_unusable` if the configured certificate cannot sign now.
 */
export async function signedDocument(db: ReadDatabase, parts: DocumentParts, issuedAt: Date): Promise<Buffer> {
  const { facts } = await currentController(db);
  const controller = facts.legalName || env().CONTROLLER_NAME;
  const certificate = await companyCertificate();
  if (certificate && !mayBeOf(certificate, facts.cnpj)) throw unusable("names the CNPJ of another company");
  const attachment = {
    name: `custodia-${parts.number}.json`,
    body: Buffer.from(statementOf(parts, controller, issuedAt)),
    description: "Conteúdo assinado",
  };
  const text = textOf(parts, controller, issuedAt);
  if (!certificate) return writePdf(text, { attachment });
  const prepare = signatureSpace({ name: controller, reason: parts.title, certificate });
  return signPdf(await writePdf(text, { attachment, prepare }), certificate);
}

function statementOf(parts: DocumentParts, controller: string, issuedAt: Date): string {
  const { id: signingKeyId, privateKey } = currentSigningKey();
  const { number, title, ...rest } = parts;
  const content = JSON.parse(JSON.stringify(rest)) as Record<string, unknown>;
  const document: z.output<typeof statement> = {
    ...{ type: "custodia.compliance-document.v1", number, title, controller, issuedAt: issuedAt.toISOString() },
    ...{ signingKeyId, sha256: hash("sha256", canonicalize(content)!, "hex"), content },
  };
  return `${canonicalize({ document, signature: signCanonical(document, privateKey) })}\n`;
}

/** Verifies the attachment of a document with public keys alone. Null: it holds; otherwise what is wrong. */
export function documentProblem(text: string, keys: PublicKeys): string | null {
  const parsed = signedStatement.safeParse(readJson(text));
  if (!parsed.success) return "this is not the signed content of a document";
  const { document, signature } = parsed.data;
  const key = keys.get(document.signingKeyId);
  if (!key) return `no public key "${document.signingKeyId}" was given`;
  if (!isCanonicalSignedBy(document, signature, key)) return "the signature is not valid";
  const digest = hash("sha256", canonicalize(document.content)!, "hex");
  return digest === document.sha256 ? null : "the content is not the one that was signed";
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textOf({ title, number, lead, texts, sections }: DocumentParts, controller: string, at: Date): DocumentText {
  const zone = env().CONTROLLER_TIME_ZONE;
  const when = formatDateTime(at, zone, { seconds: true });
  return {
    ...{ locale: "pt-BR", subject: "Prestação de contas (LGPD)", sender: { name: controller, details: "" } },
    ...{ addressee: [], title, number },
    lead: [...lead, `Feito pelo portal em ${when}, horário de ${zone}, com o que está configurado e registrado nele.`],
    sections: [...texts.map(writtenSection), ...sections.map(factSection), signature],
    codesNote: "Um caractere que não pode ser impresso aparece pelo seu código Unicode.",
    footer: { note: `${number} · ${when}`, page: (page, count) => `${page} de ${count}` },
    writtenAt: at,
  };
}

const writtenSection = ({ title, text, note }: WrittenText): Section => ({
  title,
  blocks: [
    ...text.split(/\n{2,}/).map((paragraph): Block => ({ kind: "text", text: paragraph })),
    { kind: "text", text: note },
  ],
});

function factSection({ title, source, rows }: FactSection): Section {
  const blocks = rows.flatMap((row): Block[] => [
    ...(row.title === "" ? [] : [{ kind: "text" as const, text: row.title }]),
    { kind: "facts", facts: row.facts },
  ]);
  const none: Block[] = [{ kind: "text", text: "Nada registrado." }];
  return { title, blocks: [{ kind: "text", text: `Fonte: ${source}.` }, ...(rows.length === 0 ? none : blocks)] };
}

const signature: Section = {
  title: "Como verificar",
  blocks: [
    {
      kind: "text",
      text:
        "O conteúdo deste documento, assinado com a chave da trilha de auditoria (Ed25519), está anexado a este PDF " +
        "em JSON. Ele pode ser verificado sem o portal, com a chave pública obtida por outro meio:",
    },
    { kind: "code", text: "npm run compliance -- verify anexo.json --public-key chaves.pem" },
  ],
};
