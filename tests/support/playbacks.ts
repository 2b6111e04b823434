import { eq } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { playbackGrants } from "@/lib/db/schema";
import { parseByteRanges } from "@/lib/playback/byte-ranges";
import type { PlaybackGrant } from "@/lib/playback/grant-playback";
import type { SignedIn } from "./people";
import { call } from "./portal";

export const purpose = { purpose: "quality_supervision", reference: "OS-2026/114" };

/** Requests a grant by POST, as the player does. */
export const askGrant = (
  headers: Record<string, string>,
  recordingId: string,
  json: unknown = purpose,
  kind: "playback" | "download" = "playback",
) => call("POST", `/api/recordings/${recordingId}/${kind}-grants`, { headers, json });

export async function grantOf(
  who: SignedIn,
  recordingId: string,
  kind: "playback" | "download" = "playback",
): Promise<PlaybackGrant> {
  const answered = await askGrant(who.headers, recordingId, purpose, kind);
  if (answered.status !== 201) throw new Error(`no grant: ${await answered.text()}`);
  return (await answered.json()) as PlaybackGrant;
}

/** Gets a grant's link with only the cookie, as an audio element does. */
export const listen = (cookie: string | null, url: string, headers: Record<string, string> = {}) =>
  call("GET", url, { headers: { ...(cookie ? { cookie } : {}), ...headers } });

export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

/** Returns the status and cancels the body, as a browser does with a body that it does not need. */
export async function statusOf(answered: Response): Promise<number> {
  await answered.body?.cancel();
  return answered.status;
}

export async function sentUnder(grantId: string): Promise<[number, number][]> {
  const [row] = await database()
    .select({ bytesSent: playbackGrants.bytesSent })
    .from(playbackGrants)
    .where(eq(playbackGrants.id, grantId));
  return parseByteRanges(row!.bytesSent);
}
