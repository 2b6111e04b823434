import { z } from "zod";
import { query } from "@/lib/operation/operation";
import { deadlines, lawLimit } from "@/lib/subject-requests/deadlines";
import { requestSettings } from "@/lib/subject-requests/request-settings";
import { rightOf } from "@/lib/subject-requests/rights";

/** The deadline of each right in force, with its source, and the most days that the law allows. */
export const listDeadlines = query({
  permission: "subject-request:read",
  input: z.object({}),
  run: async ({ db }) => {
    const settings = await requestSettings(db);
    return deadlines(settings).map((deadline) => ({
      ...deadline,
      article: rightOf(deadline.right).article,
      isChanged: settings.changes.some(({ right, source }) => right === deadline.right && source === deadline.source),
      limit: lawLimit(deadline.right, settings.isSmallAgent),
    }));
  },
});

export type DeadlineRow = Awaited<ReturnType<typeof listDeadlines>>[number];
