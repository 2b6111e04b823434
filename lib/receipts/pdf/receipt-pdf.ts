import { moment, number, remainders, steps } from "@/lib/receipts/pdf/certificate-words";
import type { DocumentText, Section } from "@/lib/receipts/pdf/document-text";
import { writePdf } from "@/lib/receipts/pdf/pdf-writer";
import type { SignedReceipt, Receipt } from "@/lib/receipts/receipt-schema";
import { receiptLine, receiptDigest } from "@/lib/receipts/signed-receipt";
import { env } from "@/lib/core/env";
import { recordingSections } from "@/lib/receipts/pdf/recording-sections";
import { summarySections } from "@/lib/receipts/pdf/summary-sections";

/** A receipt as a PDF, in Portuguese. The receipt of one recording has the signed receipt as an attachment. */
export function receiptPdf(signed: SignedReceipt): Promise<Buffer> {
  const { scope, number } = signed.receipt;
  const attachment = {
    name: `custodia-${number}.json`,
    body: Buffer.from(receiptLine(signed)),
    description: "Certificado assinado",
  };
  return writePdf(certificateOf(signed, new Date()), scope === "recording" ? { attachment } : {});
}

/** The text of a certificate. The time of issue is printed below it: the signed content does not contain it. */
function certificateOf(signed: SignedReceipt, issuedAt: Date): DocumentText {
  const { receipt } = signed;
  const { title, lead, sections } =
    receipt.scope === "recording" ? recordingSections(receipt) : summarySections(receipt);
  return {
    locale: "pt-BR",
    subject: "Eliminação de gravação de chamada (LGPD)",
    sender: { name: receipt.controller, details: "" },
    addressee: [],
    title,
    number: receipt.number,
    lead: [`${lead} Os horários são de ${env().CONTROLLER_TIME_ZONE}.`],
    sections: [...sections, howDeleted(receipt), whatIsLeft(receipt), evidence(receipt), howToVerify(signed)],
    codesNote: "Um caractere que não pode ser impresso aparece pelo seu código Unicode.",
    footer: {
      note: `Certificado ${receipt.number} · emitido em ${moment(issuedAt.toISOString())} (a data não é assinada)`,
      page: (page, count) => `${page} de ${count}`,
    },
    writtenAt: issuedAt,
  };
}

function howDeleted({ method, scope }: Receipt): Section {
  const erased = method.cryptographicErase;
  const deleted =
    "Foram eliminadas todas as versões, marcadores de exclusão e partes de envio de cada objeto, em cada " +
    "armazenamento; uma nova busca não encontrou nada.";
  const logical =
    `Conforme a ${method.standard}, não se declara sanitização de mídia (clear, purge ou destroy): ` +
    "a eliminação foi feita pela interface do armazenamento, e as mídias são de responsabilidade de quem o opera.";
  const cryptographic = erased
    ? `Apagamento criptográfico (${method.standard}, técnica de ` +
      `purge)${scope === "recording" ? "" : ` de ${number(erased.recordings)} gravações`}: o áudio foi ` +
      `criptografado antes de chegar ao armazenamento, com chave própria (AES-256-GCM), e ` +
      `${number(erased.dataKeysDestroyed)} ` +
      `${erased.dataKeysDestroyed === 1 ? "chave foi destruída" : "chaves foram destruídas"}. Cópias de ` +
      `segurança do banco de dados podem conter a chave criptografada; o apagamento se completa em ` +
      `${moment(erased.completeAt)}.`
    : logical;
  return {
    title: "Como foi eliminado",
    blocks: [
      { kind: "text", text: deleted },
      { kind: "text", text: cryptographic },
    ],
  };
}

function whatIsLeft({ remains }: Receipt): Section {
  const rows = remains.map(({ what, until }) => [
    remainders[what],
    until === null ? "Sem prazo próprio" : `Até ${moment(until)}`,
  ]);
  return {
    title: "O que resta e até quando",
    blocks: [
      { kind: "text", text: "Nos armazenamentos, nada: nem versões anteriores." },
      { kind: "table", head: ["O que", "Até quando"], rows, widths: [3, 1] },
    ],
  };
}

function evidence({ evidence: items, seals }: Receipt): Section {
  const rows = items.map(({ step, eventId, seal }) => [steps[step], eventId, String(seal)]);
  const sealed = seals.length === 1 ? "O selo é assinado" : "Os selos são assinados";
  return {
    title: "Prova",
    blocks: [
      {
        kind: "text",
        text:
          `Eventos da trilha de auditoria que comprovam este certificado. ${sealed} e ` +
          `cobre${seals.length === 1 ? "" : "m"} cada evento por uma prova de inclusão (árvore de Merkle, RFC ` +
          "6962), que acompanha o certificado em JSON.",
      },
      { kind: "table", head: ["Evento", "Identificador", "Selo"], rows, widths: [2, 3, 0.6] },
    ],
  };
}

function howToVerify({ receipt, signature }: SignedReceipt): Section {
  const where =
    receipt.scope === "recording"
      ? "O certificado assinado está anexado a este PDF e, em JSON, no portal."
      : "O certificado assinado, com a lista das gravações, está em JSON no portal.";
  return {
    title: "Como verificar",
    blocks: [
      {
        kind: "text",
        text:
          `${where} Ele pode ser verificado sem o portal e sem acesso a dados, com a chave pública da trilha ` +
          "de auditoria, obtida por outro meio:",
      },
      {
        kind: "code",
        text:
          `npm run receipts -- verify ` +
          `custodia-${receipt.number}.${receipt.scope === "recording" ? "json" : "jsonl"} --public-key chaves.pem`,
      },
      {
        kind: "facts",
        facts: [
          ["SHA-256 do certificado", receiptDigest(receipt)],
          [`Assinatura Ed25519 (chave “${receipt.signingKeyId}”)`, signature.replace(/.{64}(?=.)/, "$&\n")],
        ],
      },
    ],
  };
}
