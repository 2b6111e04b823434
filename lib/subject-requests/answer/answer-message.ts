import { decryptField } from "@/lib/core/crypto/field-encryption";
import type { Transaction } from "@/lib/db/client";
import { formatUntil } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import { configuredChannels } from "@/lib/notifications/configured-channels";
import { queueMessage } from "@/lib/notifications/messages/queue-message";
import { followUpPage } from "@/lib/subject-requests/follow-up-page";
import type { LockedRequest } from "@/lib/subject-requests/process-steps";

/**
 * Tells the person that an answer can be collected, by e-mail if that is their channel and the installation has a mail
 * server. Others are called, written to or come: that is work of the desk.
 */
export async function queueAnswerReady(
  tx: Transaction,
  request: LockedRequest,
  { answerId, collectUntil }: { answerId: string; collectUntil: Date },
): Promise<void> {
  const { answerChannel, answerAddressEncrypted, timeZone } = request;
  if (answerChannel !== "email" || !answerAddressEncrypted || !configuredChannels().includes("email")) return;
  await queueMessage(tx, {
    ...{ key: `answer:${answerId}`, referenceId: request.id, channel: "email", template: "answer_ready" },
    recipient: decryptField("subject_request.answer_address", answerAddressEncrypted),
    data: {
      protocol: request.protocol,
      availableUntil: formatUntil(collectUntil, timeZone),
      page: followUpPage(),
    },
    locale: request.answerLocale as Locale,
  });
}
