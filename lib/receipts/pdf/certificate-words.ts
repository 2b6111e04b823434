import { currentName, jobSuccessorOf, codeSuccessorOf } from "@/lib/operation/audit-actions";
import type { Asked, EvidenceStep, Remainder } from "@/lib/receipts/receipt-parts";
import { env } from "@/lib/core/env";
import { formatDateTime, formatUntil } from "@/lib/i18n/format";

/** The certificate is a document under Brazilian law: always in Portuguese, whatever the portal's language. */
const reasons: Record<string, string> = {
  retention_expired: "Fim do prazo de retenção",
  deletion_order: "Ordem de eliminação da controladora",
  lost: "Perda do áudio, reconhecida pelo encarregado",
  card_data: "Possíveis dados de cartão na gravação, eliminada por decisão do encarregado",
  erasure: "Eliminação por requisição do titular",
};

/** The text of a reason code from an event or a row. */
export const reasonText = (code: string) => reasons[currentName(codeSuccessorOf, code)] ?? code;

const grounds: Record<string, string> = {
  lgpd_15_i: "art. 15, I (os dados deixaram de ser necessários)",
  lgpd_15_ii: "art. 15, II (fim do período de tratamento)",
  lgpd_15_iii: "art. 15, III (comunicação do titular)",
  lgpd_15_iv: "art. 15, IV (determinação da ANPD)",
  lgpd_16: "art. 16 (eliminação após o término do tratamento)",
  lgpd_18_iv: "art. 18, IV",
  lgpd_18_vi: "art. 18, VI",
  lgpd_18_ix: "art. 18, IX",
  lgpd_18_par2: "art. 18, § 2º",
};

/** The words of the grounds; those of `other` are the ones of who chose it. */
export function groundsText(codes: readonly string[], words?: string): string {
  if (codes.length === 0) return "não informado por quem decidiu";
  if (codes[0] === "other") return words ?? "outro";
  return `LGPD, ${codes.map((code) => grounds[code] ?? code).join("; ")}`;
}

/** "art11_ii_a": LGPD, art. 11, II, a. */
export function legalBasisText(code: string): string {
  const match = /^art(\d+)_([ivx]+)(?:_([a-z]))?$/.exec(code);
  if (!match) return code;
  const article = Number(match[1]) < 10 ? `${match[1]}º` : match[1]!;
  return ["LGPD", `art. ${article}`, match[2]!.toUpperCase(), match[3]].filter((part) => part !== undefined).join(", ");
}

const roles: Record<string, string> = {
  admin: "administração",
  supervisor: "supervisão",
  dpo: "encarregado",
  auditor: "auditoria",
};
const jobs: Record<string, string> = {
  retention: "rotina de retenção",
  "retention-command": "comando de retenção",
  "deletion-order": "execução de uma ordem de eliminação",
  "deletion-orders-command": "comando de ordens de eliminação",
  "subject-request": "execução de uma requisição de titular",
  "erasures-command": "reaplicação após restauração do banco de dados",
};

export function askedText({ type, id, role }: Asked | { type: "user"; id: string; role: null }): string {
  if (type === "job")
    return (id !== null && jobs[currentName(jobSuccessorOf, id)]) || `tarefa em segundo plano ${id ?? ""}`.trim();
  return `usuário ${id ?? "desconhecido"}${role === null ? "" : ` (${roles[role] ?? role})`}`;
}

export const steps: Record<EvidenceStep, string> = {
  ordered: "ordem de eliminação",
  approved: "aprovação de outra pessoa",
  started: "início da execução",
  marked: "decisão de eliminar",
  deleted: "eliminação concluída",
  ended: "encerramento",
  reduced: "retirada de gravações por preservação legal",
};

export const remainders: Record<Remainder["what"], string> = {
  minimal_record:
    "Registro mínimo, sem dado que por si identifique alguém (identificadores, datas, tamanho, SHA-256, regra " +
    "aplicada): para prestar contas. LGPD, arts. 6º, X, e 37",
  audit_events: "Eventos da trilha de auditoria, só com identificadores e códigos. LGPD, arts. 6º, X, 7º, VI, e 37",
  erasure_ledger:
    "Registro de eliminações no armazenamento (identificadores, chaves de objeto, SHA-256): para eliminar de " +
    "novo após uma restauração. LGPD, arts. 6º, VII, e 46",
  upload_tickets:
    "Autorizações de envio, só com identificadores: para procurar de novo o objeto no armazenamento. LGPD, arts. " +
    "6º, VII, e 46",
  playback_grants: "Quem teve acesso, quando e com que finalidade. LGPD, arts. 6º, X, e 37",
  database_backups:
    "Cópias de segurança do banco de dados, até expirarem. Se uma delas for restaurada, a eliminação é " +
    "reaplicada antes que o portal volte a reproduzir gravações",
};

/** The categories of data that go with every recording. */
export const deletedData =
  "áudio da chamada, forma de onda, número do cliente e seus índices, vínculo com o atendente, identificador da " +
  "chamada na origem";

const stores: Record<string, string> = { disk: "Disco local", supabase: "Supabase Storage" };

/** The text for a store name; the installation names its buckets and copies. */
export const storeText = (name: string) => stores[name] ?? name;

/** In the controller's time zone, which the certificate states once. */
export const moment = (iso: string) => formatDateTime(iso, env().CONTROLLER_TIME_ZONE, { seconds: true });

/** The last day of a period that ends at this moment, as the portal's pages show it. */
export const lastDay = (iso: string) => `${formatUntil(iso, env().CONTROLLER_TIME_ZONE)}, inclusive`;

export const bytes = (size: number) => `${new Intl.NumberFormat("pt-BR").format(size)} bytes`;
export const number = (value: number) => new Intl.NumberFormat("pt-BR").format(value);
