import { singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { messageChannels } from "@/lib/db/schema/messages";
import { locales } from "@/lib/i18n/locales";
import { longestText } from "@/lib/notifications/templates/check-text";
import { templateNames } from "@/lib/notifications/templates/message-templates";

/** Which text an operation is about. */
export const textKey = z.object({
  template: z.enum(templateNames),
  channel: z.enum(messageChannels),
  locale: z.enum(locales),
});

/** A text as a person wrote it. Forms send line breaks as CR LF. */
export const textInput = textKey.extend({
  subject: singleLine(1000, 0).default(""),
  body: z
    .string()
    .max(longestText.email * 2)
    .transform((text) => text.replaceAll("\r\n", "\n").trim()),
});

/** The choice of a text and a page of its versions, in a page's address. */
export const textPage = z.object({
  ...textKey.partial().shape,
  before: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
});
