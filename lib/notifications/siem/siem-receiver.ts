import { env, type Env } from "@/lib/core/env";
import type { siemFormats } from "@/lib/core/env/siem-settings";

/** Where the stream goes, as the settings say. */
export type SiemReceiver = {
  format: (typeof siemFormats)[number];
  url: string;
  secrets: readonly string[];
  headers: Record<string, string>;
};

type Settings = Pick<Env, "SIEM_STREAM_URL" | "SIEM_STREAM_FORMAT" | "SIEM_STREAM_SECRETS" | "SIEM_STREAM_HEADERS">;

/** The receiver, or null if there is none. */
export function siemReceiver(settings: Settings = env()): SiemReceiver | null {
  const { SIEM_STREAM_URL: url, SIEM_STREAM_FORMAT: format } = settings;
  if (url === undefined) return null;
  return { format, url, secrets: settings.SIEM_STREAM_SECRETS ?? [], headers: settings.SIEM_STREAM_HEADERS ?? {} };
}

/** Format and host, to show and to record: path and query may hold a token. */
export const receiverName = ({ format, url }: SiemReceiver): string => `${format} ${new URL(url).host}`;
