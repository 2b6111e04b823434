import { env } from "@/lib/core/env";
import type { MessageChannel } from "@/lib/notifications/templates/message-templates";

/** The channels by which this installation can send messages: what is not set up is not offered to anyone. */
export function configuredChannels(): MessageChannel[] {
  const { SMTP_URL, SMS_GATEWAY_URL, VOICE_GATEWAY_URL } = env();
  const servers = { email: SMTP_URL, sms: SMS_GATEWAY_URL, voice: VOICE_GATEWAY_URL };
  return (Object.keys(servers) as MessageChannel[]).filter((channel) => servers[channel] !== undefined);
}
