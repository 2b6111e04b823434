import { sql } from "drizzle-orm";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { playbackGrants, subjectRequestSharerTasks, users } from "@/lib/db/schema";
import type { sharerMeasures } from "@/lib/db/schema/subject-request-words";
import { isLocale } from "@/lib/i18n/locales";
import { configuredChannels } from "@/lib/notifications/configured-channels";
import { queueMessage } from "@/lib/notifications/messages/queue-message";
import type { LockedRequest } from "@/lib/subject-requests/process-steps";
import { wasSent } from "@/lib/subject-requests/sharers/known-shares";

export type SharerMeasure = (typeof sharerMeasures)[number];

type Told = { measure: SharerMeasure; recordingIds: readonly string[] };

const task = subjectRequestSharerTasks;

/**
 * A task for each user who downloaded one of the recordings, to say to whom they gave it (LGPD Art. 18, § 6), with a
 * message where there is a mail server. What came before is added to, not repeated.
 * @returns how many users were given a task or more recordings.
 */
export async function addSharerTasks(tx: Transaction, request: LockedRequest, told: Told): Promise<number> {
  if (told.recordingIds.length === 0) return 0;
  const { userId, recordingId, kind } = playbackGrants;
  const downloads = await tx.execute<{ userId: string; email: string; locale: string | null; ids: string[] }>(sql`
    select ${userId} as "userId", ${users.email} as email, ${users.locale} as locale,
      array_agg(distinct ${recordingId}::text) as ids
    from ${playbackGrants} join ${users} on ${users.id} = ${userId}
    where ${kind} = 'download' and ${recordingId} = any(${idList(told.recordingIds)}) and ${wasSent}
    group by 1, 2, 3 order by 1`);
  for (const { userId: by, email, locale, ids } of downloads)
    await addTask(tx, request, told.measure, { by, email, locale, ids });
  return downloads.length;
}

type Downloader = { by: string; email: string; locale: string | null; ids: string[] };

async function addTask(tx: Transaction, request: LockedRequest, measure: SharerMeasure, downloader: Downloader) {
  const { by, email, locale, ids } = downloader;
  const both = sql`${task.recordingIds} || excluded.recording_ids`;
  const merged = sql`(select array_agg(distinct each) from unnest(${both}) each)`;
  const [row] = await tx
    .insert(task)
    // That a message is queued does not say that it arrived: somebody records that.
    .values({ id: newId(), requestId: request.id, measure, recordingIds: ids, userId: by })
    .onConflictDoUpdate({
      target: [task.requestId, task.measure, task.userId],
      set: { recordingIds: merged, closedAt: null, closedById: null, acknowledgedAt: null },
    })
    .returning({ id: task.id, recordings: sql<number>`cardinality(${task.recordingIds})` });
  if (!configuredChannels().includes("email")) return;
  await queueMessage(tx, {
    ...{ key: `sharer:${row!.id}:${row!.recordings}`, referenceId: request.id, channel: "email", recipient: email },
    template: "sharer_notice",
    data: { protocol: request.protocol, recordings: String(row!.recordings) },
    locale: isLocale(locale) ? locale : "pt-BR",
  });
}
