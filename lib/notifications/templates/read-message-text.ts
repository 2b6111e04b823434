import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { messageTexts, users } from "@/lib/db/schema";
import { currentText, ofKey, standardText } from "@/lib/notifications/templates/current-text";
import { messageTemplates, variablesOf } from "@/lib/notifications/templates/message-templates";
import { textKey } from "@/lib/notifications/templates/text-input";
import { query } from "@/lib/operation/operation";

const input = textKey.extend({
  /** Cursor: the last version of the previous page. */
  before: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
  limit: rowLimit(100, 20),
});

/** One text: that in force, the portal's own, its variables, and a page of the company's versions, newest first. */
export const readMessageText = query({
  permission: "message-text:read",
  input,
  run: async ({ db, input: { before, limit, ...key } }) => {
    const { version, subject, body, createdAt } = messageTexts;
    const found = await db
      .select({ version, subject, body, savedAt: createdAt, savedBy: users.name })
      .from(messageTexts)
      .innerJoin(users, eq(users.id, messageTexts.createdById))
      .where(and(ofKey(key), before === undefined ? undefined : lt(version, before)))
      .orderBy(desc(version))
      .limit(limit + 1);
    const versions = found.slice(0, limit);
    return {
      key,
      current: await currentText(db, key),
      standard: standardText(key),
      variables: [...variablesOf(key.template).keys()],
      required: messageTemplates[key.template].required,
      versions,
      nextCursor: found.length > limit ? String(versions.at(-1)!.version) : null,
    };
  },
});

export type MessageText = Awaited<ReturnType<typeof readMessageText>>;
