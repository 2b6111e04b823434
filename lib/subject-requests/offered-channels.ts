import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { answerChannels } from "@/lib/db/schema/subject-request-words";
import { configuredChannels } from "@/lib/notifications/configured-channels";
import type { MessageChannel } from "@/lib/notifications/templates/message-templates";

type AnswerChannel = (typeof answerChannels)[number];

/** How this installation can answer: by e-mail only with a mail server. People do the others by hand. */
export const offeredAnswerChannels = (): readonly AnswerChannel[] =>
  answerChannels.filter((channel) => channel !== "email" || configuredChannels().includes("email"));

/** @throws AppError `invalid_input` if the setting of the channel is gone since the form was opened. */
export function requireAnswerChannel(channel: AnswerChannel): void {
  if (offeredAnswerChannels().includes(channel)) return;
  const fields = [{ path: "answerChannel", reason: "channel_off" }];
  throw new AppError("invalid_input", `answers by ${channel} are not set up`, { fields });
}

/** How one-time codes can be sent: with a budget of none, not to telephones. */
export const offeredCodeChannels = (): MessageChannel[] =>
  configuredChannels().filter((channel) => channel === "email" || env().PUBLIC_CODES_PER_DAY > 0);
