import { inArray, sql } from "drizzle-orm";
import { messages } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { messageTemplates, templateNames } from "@/lib/notifications/templates/message-templates";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";

const secretTemplates = templateNames.filter((name) => messageTemplates[name].isSecret);

/** The columns of a message that is not sent again. The values of secret templates are erased. */
export const endedAs = (state: "sent" | "refused" | "failed") => ({
  state,
  endedAt: sql<Date>`${transactionNow}`,
  dataEncrypted: sql`case when ${inArray(messages.template, secretTemplates)} then null
    else ${messages.dataEncrypted} end`,
});

type Ended = Pick<
  typeof messages.$inferSelect,
  "id" | "referenceId" | "channel" | "template" | "templateVersion" | "attempts" | "lastFailure"
>;

/** The event of a message that has ended. It has no address and no reply. */
export function endEvent<State extends "sent" | "refused" | "failed">(
  state: State,
  { id, referenceId, channel, template, templateVersion, attempts, lastFailure }: Ended,
) {
  // Which of them may fail, the compiler cannot tell for all three at once.
  const outcome = (state === "sent" ? "success" : "failure") as AuditEventInput<`message.${State}`>["outcome"];
  return auditEvent(`message.${state}`, {
    outcome,
    target: { type: "message", id },
    details: { referenceId, channel, template, templateVersion, attempt: attempts, code: lastFailure },
  });
}
