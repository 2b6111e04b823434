import { isForeign } from "@/components/playback/audio-source";

/**
 * Returns the code with which the portal refuses a link, because an audio element does not report it. Null if the link
 * works, is not the portal's, or nothing responds.
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
