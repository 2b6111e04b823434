import { and, count, desc, eq, gte, inArray, isNull, lt, max, sql } from "drizzle-orm";
import type { FactSection } from "@/lib/compliance/facts/fact-section";
import { countUpTo, countedAtMost, daysBefore } from "@/lib/compliance/controls/control";
import { env } from "@/lib/core/env";
import { today } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import {
  auditEvents,
  deletionOrders,
  erasureLedger,
  legalHolds,
  recordingBlocks,
  recordings,
  retentionRuns,
  storageChecks,
  storeScans,
} from "@/lib/db/schema";
import { formatDateTime } from "@/lib/i18n/format";

const when = (moment: Date | null | undefined) =>
  moment ? formatDateTime(moment, env().CONTROLLER_TIME_ZONE) : "nunca";
const upTo = (found: number) => (found > countedAtMost ? `mais de ${countedAtMost}` : String(found));

/** What keeps recordings beyond their dates. */
export async function exceptionsSection(db: ReadDatabase): Promise<FactSection> {
  const open = isNull(legalHolds.releasedAt);
  const late = and(open, sql`${legalHolds.reviewOn} < ${today()}::date`);
  return {
    ...{ key: "exceptions", title: "Exceções à retenção", source: "Retenção, Preservações legais e bloqueios" },
    rows: [
      {
        title: "",
        facts: [
          ["Preservações legais em vigor", upTo(await countUpTo(db, legalHolds, open))],
          ["Com revisão vencida", upTo(await countUpTo(db, legalHolds, late))],
          ["Bloqueios em vigor", upTo(await countUpTo(db, recordingBlocks, isNull(recordingBlocks.liftedAt)))],
        ],
      },
    ],
  };
}

/** The last retention runs, orders, what waits and the certificates that were issued. */
export async function deletionSection(db: ReadDatabase, now: Date): Promise<FactSection> {
  const { startedAt, finishedAt, deleted, failed, remaining } = retentionRuns;
  const runs = await db
    .select({ startedAt, finishedAt, deleted, failed, remaining })
    .from(retentionRuns)
    .orderBy(desc(startedAt))
    .limit(5);
  const orders = await db
    .select({ state: deletionOrders.state, orders: count() })
    .from(deletionOrders)
    .where(gte(deletionOrders.createdAt, daysBefore(now, 365)))
    .groupBy(deletionOrders.state);
  const ofState = (...states: string[]) =>
    String(orders.filter(({ state }) => states.includes(state)).reduce((sum, row) => sum + row.orders, 0));
  const issued = and(eq(auditEvents.action, "receipt.issued"), gte(auditEvents.occurredAt, daysBefore(now, 365)));
  return {
    ...{ key: "deletion", title: "Eliminação", source: "execuções da retenção, ordens e trilha de auditoria" },
    rows: [
      ...runs.map((run): FactSection["rows"][number] => ({
        title: `Execução da retenção de ${when(run.startedAt)}`,
        facts: [
          ["Fim", run.finishedAt ? when(run.finishedAt) : "em andamento ou interrompida"],
          ["Eliminadas; falhas; restantes", `${run.deleted}; ${run.failed}; ${run.remaining}`],
        ],
      })),
      {
        title: "Ordens e certificados",
        facts: [
          ["Ordens em 365 dias: concluídas", ofState("finished")],
          ["Ordens em 365 dias: aguardam ou em andamento", ofState("awaiting_approval", "running")],
          ["Gravações em eliminação agora", upTo(await countUpTo(db, recordings, eq(recordings.state, "deleting")))],
          ["Certificados emitidos em 365 dias", upTo(await countUpTo(db, auditEvents, issued))],
          ["Prova", "ausência confirmada em cada armazenamento; cada eliminação é um evento sob selo assinado"],
        ],
      },
    ],
  };
}

/** What the portal knows of copies and restores. */
export async function backupSection(db: ReadDatabase, now: Date): Promise<FactSection> {
  const { sequence, writtenAt, createdAt } = erasureLedger;
  const [ledger] = await db.select({ last: max(sequence) }).from(erasureLedger);
  const waiting = and(isNull(writtenAt), lt(createdAt, daysBefore(now, 1 / 24)));
  const lastOf = async (...actions: string[]) => {
    const { occurredAt, action } = auditEvents;
    const ofActions = inArray(action, actions);
    const [row] = await db.select({ occurredAt }).from(auditEvents).where(ofActions).orderBy(desc(occurredAt)).limit(1);
    return row?.occurredAt;
  };
  const [check] = await db.select({ at: max(storageChecks.createdAt) }).from(storageChecks);
  const [scan] = await db.select({ at: max(storeScans.finishedAt) }).from(storeScans);
  return {
    ...{ key: "backups", title: "Cópias de segurança", source: "configuração, registro de eliminações e conferências" },
    rows: [
      {
        title: "",
        facts: [
          [
            "Cópias das gravações",
            env()
              .STORAGE_COPIES.map(({ name }) => name)
              .join(", ") || "nenhuma configurada",
          ],
          ["Cópias do banco de dados conservadas por", `${env().DATABASE_BACKUP_DAYS} dias, pela configuração`],
          ["Última entrada do registro de eliminações", ledger?.last ? String(ledger.last) : "nenhuma"],
          ["Entradas ainda não copiadas ao armazenamento", upTo(await countUpTo(db, erasureLedger, waiting))],
          ["Última reaplicação após restauração", when(await lastOf("erasure_ledger.replayed"))],
          ["Último teste do armazenamento", when(check?.at)],
          ["Última conferência do armazenamento", when(scan?.at)],
          ["Teste de restauração do banco", "não é feito pelo portal: anexe o registro de quem o faz"],
        ],
      },
    ],
  };
}
