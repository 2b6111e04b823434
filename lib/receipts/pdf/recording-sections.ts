import type { RecordingReceipt } from "@/lib/receipts/receipt-schema";
import type { Opening, Section } from "@/lib/receipts/pdf/document-text";
import {
  askedText,
  bytes,
  deletedData,
  groundsText,
  lastDay,
  legalBasisText,
  moment,
  number,
  reasonText,
  storeText,
} from "@/lib/receipts/pdf/certificate-words";

/** The sections that are specific to one recording. */
export function recordingSections({ controller, recording, deletion, stores }: RecordingReceipt): Opening {
  const storeNames = stores.length === 1 ? "do armazenamento" : `dos ${number(stores.length)} armazenamentos`;
  return {
    title: "Certificado de eliminação",
    lead:
      `${controller}, controladora, declara que a gravação abaixo foi eliminada ${storeNames} em que esteve, ` +
      "que sua ausência foi confirmada e que isto consta da trilha de auditoria.",
    sections: [
      { title: "O que foi eliminado", blocks: [{ kind: "facts", facts: deletedFacts(recording) }] },
      { title: "Por que, por quem e quando", blocks: [{ kind: "facts", facts: decision(deletion) }] },
      { title: "Onde", blocks: [storesTable(stores)] },
    ],
  };
}

function deletedFacts({
  id,
  sha256,
  sizeBytes,
  call,
  playableCopy,
  derivedFiles = [],
}: RecordingReceipt["recording"]): [string, string][] {
  return [
    ["Gravação", id],
    ...(call === undefined ? [] : ([["Chamada (resumo com chave)", call]] as [string, string][])),
    ["SHA-256 do áudio", sha256 ?? "não chegou a ser recebido"],
    ...(sizeBytes === null ? [] : ([["Tamanho", bytes(sizeBytes)]] as [string, string][])),
    ...(playableCopy
      ? ([["SHA-256 da cópia para ouvir", `${playableCopy.sha256} (${bytes(playableCopy.sizeBytes)})`]] as [
          string,
          string,
        ][])
      : []),
    ...derivedFiles.map((file): [string, string] => [
      "SHA-256 de áudio preparado para requisição",
      `${file.sha256} (${bytes(file.sizeBytes)})`,
    ]),
    ["Dados eliminados", deletedData],
  ];
}

function storesTable(stores: RecordingReceipt["stores"]): Section["blocks"][number] {
  return {
    kind: "table",
    head: [
      "Armazenamento",
      "Objetos",
      "Versões eliminadas",
      "Marcadores eliminados",
      "Envios encerrados",
      "Ausência confirmada em",
    ],
    rows: stores.map((store) => [
      storeText(store.store),
      ...[store.objectKeys, store.versionsDeleted, store.deleteMarkersDeleted, store.unfinishedUploadsAborted].map(
        number,
      ),
      moment(store.provedAbsentAt),
    ]),
    widths: [1.6, 0.9, 1, 1, 1.1, 1.7],
  };
}

function decision({
  reason,
  legalGrounds,
  groundWords,
  policy,
  retainUntil,
  minimumUntil,
  orderId,
  askedBy,
  askedAt,
  approvedBy,
  markedAt,
  finishedAt,
  replayed,
}: RecordingReceipt["deletion"]): [string, string][] {
  return [
    ["Motivo", reasonText(reason)],
    ["Fundamento", groundsText(legalGrounds, groundWords)],
    ...(policy
      ? ([["Política", `${policy.id}, versão ${policy.version ?? "desconhecida"}`]] as [string, string][])
      : []),
    ...(policy?.legalBasis
      ? ([
          ["Base legal da retenção", [legalBasisText(policy.legalBasis), policy.source].filter(Boolean).join("; ")],
        ] as [string, string][])
      : []),
    ...(minimumUntil ? ([["Mínimo legal até", lastDay(minimumUntil)]] as [string, string][]) : []),
    ...(retainUntil ? ([["Retida até", lastDay(retainUntil)]] as [string, string][]) : []),
    ...(orderId ? ([["Ordem", orderId]] as [string, string][]) : []),
    ["Pedida por", `${askedText(askedBy)}, em ${moment(askedAt)}`],
    ...(orderId
      ? ([["Aprovada por", approvedBy ? askedText(approvedBy) : "aprovação não exigida"]] as [string, string][])
      : []),
    ["Decidida em", moment(markedAt)],
    ["Concluída em", moment(finishedAt)],
    ...(replayed
      ? ([["Observação", "eliminada de novo após uma restauração do banco de dados"]] as [string, string][])
      : []),
  ];
}
