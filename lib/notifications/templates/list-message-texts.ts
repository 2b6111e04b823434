import { desc, isNotNull } from "drizzle-orm";
import { z } from "zod";
import { messageTexts } from "@/lib/db/schema";
import type { MessageTemplate } from "@/lib/notifications/templates/message-templates";
import { query } from "@/lib/operation/operation";

/** Which texts are the company's own, and in which version. All others are the portal's. */
export const listMessageTexts = query({
  permission: "message-text:read",
  input: z.object({}),
  run: async ({ db }) => {
    const { template, channel, locale, version, body } = messageTexts;
    const latest = db
      .selectDistinctOn([template, channel, locale], { template, channel, locale, version, body })
      .from(messageTexts)
      .orderBy(template, channel, locale, desc(version))
      .as("latest");
    const rows = await db
      .select({
        template: latest.template,
        channel: latest.channel,
        locale: latest.locale,
        version: latest.version,
      })
      .from(latest)
      .where(isNotNull(latest.body));
    return rows.map((row) => ({ ...row, template: row.template as MessageTemplate }));
  },
});

export type OwnText = Awaited<ReturnType<typeof listMessageTexts>>[number];
