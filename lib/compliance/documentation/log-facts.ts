import { and, count, desc, eq, gte, isNotNull, lt } from "drizzle-orm";
import { lastSeal } from "@/lib/audit/unsealed-range";
import { daysBefore } from "@/lib/compliance/controls/control";
import type { FactSection } from "@/lib/compliance/facts/fact-section";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, auditSeals, governanceDocuments, subjectRequests } from "@/lib/db/schema";
import { formatDateTime } from "@/lib/i18n/format";
import { loadMessages } from "@/lib/i18n/namespaces";
import { deadlines } from "@/lib/subject-requests/deadlines";
import { requestSettings } from "@/lib/subject-requests/request-settings";

const when = (moment: Date | null | undefined) =>
  moment ? formatDateTime(moment, env().CONTROLLER_TIME_ZONE) : "nunca";

/** How the log is kept whole, and when that was last checked. */
export async function logSection(db: ReadDatabase): Promise<FactSection> {
  const last = await lastSeal(db);
  const { sealedAt, sequence, anchoredAt } = auditSeals;
  const [seal] = await db.select({ sealedAt, sequence }).from(auditSeals).orderBy(desc(sequence)).limit(1);
  const [anchor] = await db
    .select({ sequence, anchoredAt })
    .from(auditSeals)
    .where(isNotNull(anchoredAt))
    .orderBy(desc(sequence))
    .limit(1);
  const { occurredAt, outcome, action } = auditEvents;
  const [verified] = await db
    .select({ occurredAt, outcome })
    .from(auditEvents)
    .where(eq(action, "audit_log.verified"))
    .orderBy(desc(occurredAt))
    .limit(1);
  const result = verified ? (verified.outcome === "success" ? ", íntegra" : ", com problemas") : "";
  return {
    ...{ key: "log", title: "Trilha de auditoria", source: "selos, âncoras e verificações da trilha" },
    rows: [
      {
        title: "",
        facts: [
          ["Procedimento", "eventos só acrescentados, com HMAC; selos assinados (Ed25519), âncoras fora do banco"],
          ["Último selo", last && seal ? `número ${seal.sequence}, de ${when(seal.sealedAt)}` : "nenhum"],
          ["Última âncora", anchor ? `selo ${anchor.sequence}, em ${when(anchor.anchoredAt)}` : "nenhuma"],
          ["Última verificação", `${when(verified?.occurredAt)}${result}`],
        ],
      },
    ],
  };
}

/** Requests of data subjects: counts and the deadlines in force. */
export async function requestsSection(db: ReadDatabase, now: Date): Promise<FactSection> {
  const { isOpen, isUnproven, dueUntil, receivedAt } = subjectRequests;
  const open = and(eq(isOpen, true), eq(isUnproven, false));
  const [received] = await db
    .select({ requests: count() })
    .from(subjectRequests)
    .where(gte(receivedAt, daysBefore(now, 365)));
  const { subjectRequests: requestWords } = await loadMessages("pt-BR");
  const rights: Record<string, string> = requestWords.rights;
  const inForce = deadlines(await requestSettings(db));
  return {
    ...{ key: "requests", title: "Requisições de titulares", source: "requisições e seus prazos configurados" },
    rows: [
      {
        title: "",
        facts: [
          ["Recebidas em 365 dias", String(received?.requests ?? 0)],
          ["Abertas", String(await db.$count(subjectRequests, open))],
          ["Em atraso", String(await db.$count(subjectRequests, and(open, lt(dueUntil, now))))],
        ],
      },
      {
        title: "Prazos em vigor",
        facts: inForce.map(({ right, days }) => [rights[right] ?? right, days === 0 ? "imediato" : `${days} dias`]),
      },
    ],
  };
}

/** The versions of the register, the impact report and the balancing test. */
export async function documentsSection(db: ReadDatabase): Promise<FactSection> {
  const { kind, version, createdAt, adoptedAt, sha256 } = governanceDocuments;
  const rows = await db
    .selectDistinctOn([kind], { kind, version, createdAt, adoptedAt, sha256 })
    .from(governanceDocuments)
    .orderBy(kind, desc(version));
  const { compliance } = await loadMessages("pt-BR");
  return {
    ...{ key: "documents", title: "Registro, RIPD e balanceamento", source: "documentos de conformidade do portal" },
    rows: rows.map((row) => ({
      title: compliance.documents.kinds[row.kind],
      facts: [
        ["Versão", `${row.version}, de ${when(row.createdAt)}`],
        ["Adotado em", row.kind === "processing" ? "não se aplica" : row.adoptedAt ? when(row.adoptedAt) : "minuta"],
        ["SHA-256", row.sha256],
      ],
    })),
  };
}
