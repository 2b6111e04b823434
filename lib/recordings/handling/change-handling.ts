import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { recordings } from "@/lib/db/schema";
import { answers, cardDataHandlings } from "@/lib/db/schema/recording-words";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import {
  announcementVersion,
  handlingColumns,
  handlingFields,
  handlingRevision,
  type CallHandling,
} from "@/lib/recordings/handling/call-handling";
import { recordingScope } from "@/lib/recordings/recording-scope";

const handling = z.object({
  announcementPlayed: z.enum(answers),
  announcementVersion: announcementVersion.or(z.literal("").transform(() => null)),
  sensitiveContent: z.enum(answers),
  cardDataHandling: z.enum(cardDataHandlings),
});

/**
 * Replaces what the portal knows about the handling of one recording. The event has the answers, not the version, which
 * is free text.
 * @throws AppError `not_found`; `conflict` when it was changed since the form was opened, or is not stored.
 */
export const changeHandling = command({
  permission: "recording:change-handling",
  input: handling.extend({ recordingId: z.uuid(), revision: z.string().max(64) }),
  audits: ["recording.handling_changed"],
  run: async ({ tx, actor, input: { recordingId, revision, ...wanted } }) => {
    const [row] = await tx
      .select()
      .from(recordings)
      .where(and(eq(recordings.id, recordingId), recordingScope(actor)))
      .for("no key update");
    if (!row) throw new AppError("not_found");
    const result = { recordingId };
    const columns = handlingColumns(wanted);
    const changed = handlingFields.filter((field) => columns[field] !== row[field]);
    if (changed.length === 0) return { result, unchanged: true as const };
    if (row.state !== "stored" || handlingRevision(row) !== revision)
      throw new AppError("conflict", "the handling was changed meanwhile, or the recording is not stored");
    await tx.update(recordings).set(columns).where(eq(recordings.id, recordingId));
    const target = { type: "recording", id: recordingId, unitId: row.unitId };
    const details = { changed, ...answersOf(row, columns) };
    return { result, audits: [auditEvent("recording.handling_changed", { target, details })] };
  },
});

/** The answers that changed, each with the one before. */
function answersOf(before: CallHandling, now: CallHandling): Record<string, string> {
  const fields = ["announcementPlayed", "sensitiveContent", "cardDataHandling"] as const;
  return Object.fromEntries(
    fields.flatMap((field) =>
      before[field] === now[field]
        ? []
        : [
            [field, now[field]],
            [`${field}Before`, before[field]],
          ],
    ),
  );
}
