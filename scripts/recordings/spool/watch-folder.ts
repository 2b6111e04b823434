import type { PortalClient } from "@/scripts/recordings/portal-client";
import { SpoolWatch } from "@/scripts/recordings/spool/spool-watch";
import type { WatchOptions } from "@/scripts/recordings/spool/watch-options";

/**
 * Uploads the recordings that a phone system writes to a folder, until the signal, or once. Uploads only finished
 * files; moves each once it is stored, or adds it to the journal. Reports every other file with the reason. Retries
 * transient failures. Safe to interrupt: the next start continues, because the portal knows each recording.
 */
export async function watchFolder(client: PortalClient, spool: string, options: WatchOptions): Promise<void> {
  await new SpoolWatch(client, spool, options).run();
}
