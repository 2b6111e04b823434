import { desc, sql } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { messageTexts } from "@/lib/db/schema";
import { checkText } from "@/lib/notifications/templates/check-text";
import { currentText, ofKey, type TextKey } from "@/lib/notifications/templates/current-text";
import type { TemplateText } from "@/lib/notifications/templates/standard-texts";
import { textInput, textKey } from "@/lib/notifications/templates/text-input";
import { actorId, type Actor } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** The `version` of the text that the form was loaded with, "standard:1" or "company:3". */
const read = z.string().max(40);

/**
 * Saves a text of the company as a new version, which new messages get; earlier versions stay. The same text again
 * changes nothing.
 * @throws AppError `invalid_input` (with the reasons of `checkText`), `conflict` (somebody else saved meanwhile)
 */
export const changeMessageText = command({
  permission: "message-text:write",
  input: textInput.extend({ version: read }),
  audits: ["message_text.changed"],
  run: async ({ tx, actor, input: { version: known, subject, body, ...key } }) => {
    const fields = checkText(key.template, key.channel, { subject, body });
    if (fields.length > 0) throw new AppError("invalid_input", "text of a message", { fields });
    await lockTexts(tx);
    const current = await currentText(tx, key);
    if (current.text.subject === subject && current.text.body === body)
      return { result: { version: current.version }, unchanged: true as const };
    requireKnown(current.version, known);
    const saved = await saveVersion(tx, actor, key, { subject, body });
    return {
      result: { version: `company:${saved.version}` },
      audits: [auditEvent("message_text.changed", saved.event)],
    };
  },
});

/**
 * Returns to the portal's own text, also to its later versions.
 * @throws AppError `conflict` (somebody else saved meanwhile)
 */
export const restoreStandardText = command({
  permission: "message-text:write",
  input: textKey.extend({ version: read }),
  audits: ["message_text.standard_restored"],
  run: async ({ tx, actor, input: { version: known, ...key } }) => {
    await lockTexts(tx);
    const current = await currentText(tx, key);
    if (current.version.startsWith("standard:"))
      return { result: { version: current.version }, unchanged: true as const };
    requireKnown(current.version, known);
    const { event } = await saveVersion(tx, actor, key, null);
    const { version } = await currentText(tx, key);
    return { result: { version }, audits: [auditEvent("message_text.standard_restored", event)] };
  },
});

const lockTexts = (tx: Transaction) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia message texts'))`);

function requireKnown(current: string, known: string): void {
  if (current !== known) throw new AppError("conflict", "the text was changed meanwhile");
}

async function saveVersion(tx: Transaction, actor: Actor, key: TextKey, text: TemplateText | null) {
  const { version: column } = messageTexts;
  const [last] = await tx
    .select({ version: column })
    .from(messageTexts)
    .where(ofKey(key))
    .orderBy(desc(column))
    .limit(1);
  const [id, version] = [newId(), (last?.version ?? 0) + 1];
  const columns = { subject: text?.subject ?? null, body: text?.body ?? null };
  await tx.insert(messageTexts).values({ id, ...key, version, ...columns, createdById: actorId(actor)! });
  return { version, event: { target: { type: "message_text", id }, details: { ...key, version } } };
}
