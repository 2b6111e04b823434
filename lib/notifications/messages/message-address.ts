import { z } from "zod";
import type { MessageChannel } from "@/lib/notifications/templates/message-templates";

/** Control characters and non-ASCII letters never reach a mail server's command line. */
const email = z.email().max(254);

/** E.164: "+5511987654321". */
const telephone = z.e164();

/** The address of a person by channel. */
export const messageAddress: Record<MessageChannel, z.ZodType<string>> = { email, sms: telephone, voice: telephone };
