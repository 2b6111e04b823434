import { isForeign } from "@/components/playback/audio-source";

/** Whether a link gives audio (null: unknown), and the code with which the portal refuses it. */
export type LinkCheck = { works: boolean | null; code: string | null };

const unknown: LinkCheck = { works: null, code: null };

/**
 * Asks whether a link works, because an audio element does not report why it failed. Nothing counts as sent: the
 * portal is asked with HEAD, and only a refusal, which sends no audio, is read for its code.
 */
export async function checkLink(url: string): Promise<LinkCheck> {
  if (isForeign(url)) return checkStoreLink(url);
  try {
    if ((await fetch(url, { method: "HEAD", cache: "no-store" })).ok) return { works: true, code: null };
    const refusal = await fetch(url, { headers: { range: "bytes=0-0" }, cache: "no-store" });
    if (refusal.ok) return { works: true, code: null };
    return { works: false, code: ((await refusal.json()) as { code?: string }).code ?? null };
  } catch {
    return unknown;
  }
}

/** Asks a store of another origin for one byte. Unknown if the store does not let this page read its answer. */
async function checkStoreLink(url: string): Promise<LinkCheck> {
  try {
    const answer = await fetch(url, { headers: { range: "bytes=0-0" }, cache: "no-store" });
    await answer.body?.cancel();
    return { works: answer.ok, code: null };
  } catch {
    return unknown;
  }
}
