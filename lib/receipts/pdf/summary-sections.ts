import type { OrderReceipt, SummaryReceipt } from "@/lib/receipts/receipt-schema";
import type { Opening } from "@/lib/receipts/pdf/document-text";
import {
  askedText,
  deletedData,
  groundsText,
  moment,
  number,
  reasonText,
  storeText,
} from "@/lib/receipts/pdf/certificate-words";

type Fact = readonly [string, string];

const runStates: Record<string, string> = {
  finished: "concluída",
  out_of_time: "tempo esgotado; a seguinte continua",
  failed: "falhou; a seguinte continua",
  interrupted: "interrompida; a seguinte continua",
};

/** The sections that are specific to a run or an order. */
export function summarySections(receipt: SummaryReceipt): Opening {
  const { controller, totals, list } = receipt;
  const count = totals.recordings === 1 ? "1 gravação" : `${number(totals.recordings)} gravações`;
  const of = receipt.scope === "run" ? "pela execução da retenção abaixo" : "pela ordem abaixo";
  return {
    title:
      receipt.scope === "run"
        ? "Certificado de eliminação: execução da retenção"
        : "Certificado de eliminação: ordem de eliminação",
    lead:
      `${controller}, controladora, declara que ${of} ` +
      `${totals.recordings === 1 ? "foi eliminada" : "foram eliminadas"} ${count}, com a ausência de cada uma ` +
      "confirmada em cada armazenamento, e que isto consta da trilha de auditoria." +
      rest(receipt),
    sections: [
      {
        title: receipt.scope === "run" ? "A execução" : "A ordem",
        blocks: [{ kind: "facts", facts: receipt.scope === "run" ? runFacts(receipt.run) : orderFacts(receipt.order) }],
      },
      {
        title: "O que foi eliminado",
        blocks: [
          { kind: "facts", facts: totalFacts(totals) },
          {
            kind: "text",
            text:
              "A lista das gravações, uma por linha, cada uma com o seu evento, a sua chamada e a prova de inclusão, " +
              "está no certificado em JSON. As linhas têm este resumo criptográfico:",
          },
          { kind: "facts", facts: [["SHA-256 da lista", list.sha256]] },
        ],
      },
    ],
  };
}

/** What this certificate does not cover: nobody may take it for the whole. */
function rest(receipt: SummaryReceipt): string {
  const counted = receipt.scope === "run" ? restOfRun(receipt.run) : restOfOrder(receipt.order);
  const named = counted.filter(([count]) => count > 0).map(([count, what]) => `${number(count)} ${what}`);
  return named.length === 0 ? "" : ` Não foram eliminadas: ${named.join("; ")}.`;
}

type Rest = [count: number, what: string][];

const restOfRun = ({ failed, held, remaining }: Extract<SummaryReceipt, { scope: "run" }>["run"]): Rest => [
  [remaining, `que ainda aguardavam a eliminação ao fim da execução (falhas nela: ${number(failed)})`],
  [held, "vencidas e mantidas por preservação legal"],
];

const restOfOrder = ({ expected, marked, kept = 0 }: OrderReceipt["order"]): Rest => [
  [expected - marked, "confirmadas na ordem que não puderam ser marcadas quando ela foi executada"],
  [kept, "marcadas e depois mantidas por preservação legal"],
];

function totalFacts(totals: SummaryReceipt["totals"]): Fact[] {
  return [
    ["Gravações", number(totals.recordings)],
    ["Armazenamentos", totals.stores.map(storeText).join(", ") || "–"],
    ["Versões eliminadas", number(totals.versionsDeleted)],
    ["Marcadores eliminados", number(totals.deleteMarkersDeleted)],
    ["Envios encerrados", number(totals.unfinishedUploadsAborted)],
    ["Chaves destruídas", number(totals.dataKeysDestroyed)],
    ["Dados eliminados", deletedData],
    ...period(totals),
  ];
}

function period({ firstDeletedAt, lastDeletedAt, lastProvedAbsentAt }: SummaryReceipt["totals"]): Fact[] {
  if (firstDeletedAt === null || lastDeletedAt === null || lastProvedAbsentAt === null) return [];
  return [
    ["Eliminadas entre", `${moment(firstDeletedAt)} e ${moment(lastDeletedAt)}`],
    ["Última confirmação de ausência", moment(lastProvedAbsentAt)],
  ];
}

function runFacts({
  id,
  state,
  startedAt,
  finishedAt,
  due,
  marked,
  failed,
  held,
  remaining,
}: Extract<SummaryReceipt, { scope: "run" }>["run"]): Fact[] {
  return [
    ["Execução", id],
    ["Situação", runStates[state] ?? state],
    ["Início e fim", `${moment(startedAt)} a ${moment(finishedAt)}`],
    ["Vencidas", number(due)],
    ["Marcadas", number(marked)],
    ["Falhas", number(failed)],
    ["Sob preservação legal", number(held)],
    ["Restantes", number(remaining)],
  ];
}

function orderFacts({
  id,
  reason,
  legalGrounds,
  groundWords,
  expected,
  calls,
  marked,
  kept,
  askedAt,
  askedBy,
  approvedBy,
  finishedAt,
}: OrderReceipt["order"]): Fact[] {
  return [
    ["Ordem", id],
    ["Motivo", reasonText(reason)],
    ["Fundamento", groundsText(legalGrounds, groundWords)],
    ["Pedida por", `${askedText(askedBy)}, em ${moment(askedAt)}`],
    ["Aprovada por", approvedBy ? askedText(approvedBy) : "aprovação não exigida"],
    ["Confirmadas e marcadas", `${number(expected)} e ${number(marked)}`],
    ...(calls === undefined ? [] : [["Chamadas das confirmadas", number(calls)] satisfies Fact]),
    ...(kept === undefined ? [] : [["Retiradas por preservação legal", number(kept)] satisfies Fact]),
    ["Concluída em", moment(finishedAt)],
  ];
}
