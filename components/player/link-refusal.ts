import { isForeign } from "@/components/player/audio-source";

/**
 * The stable code with which the portal refuses a link, for an audio element only says that it gave up. Null for a
 * link that answers, that is not the portal's, or when nothing answers at all.
 */
export async function linkRefusal(url: string): Promise<string | null> {
  if (isForeign(url)) return null;
  try {
    const answer = await fetch(url, { headers: { range: "bytes=0-0" }, cache: "no-store" });
    const body = (answer.ok ? {} : await answer.json()) as { code?: string };
    return body.code ?? null;
  } catch {
    return null;
  }
}
