import type { Locale } from "@/lib/i18n/locales";
import type { MessageChannel } from "@/lib/notifications/templates/message-templates";
import type { RenderedMessage } from "@/lib/notifications/templates/render-message";

/** A message to send now. Internal: it holds the person's address and the text. */
export type OutgoingMessage = {
  messageId: string;
  channel: MessageChannel;
  locale: Locale;
  recipient: string;
  createdAt: Date;
  expiresAt: Date;
  content: RenderedMessage;
};

/**
 * What a server said of a message. `refused` is final. `retry`: it may be taken later, or the settings are wrong.
 * `code` is stable; `reply` is the server's own text, which may repeat the address.
 */
export type SendResult = { outcome: "sent" } | { outcome: "refused" | "retry"; code: string; reply: string | null };
