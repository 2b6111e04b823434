import { jobContext } from "@/lib/operation/job-context";
import { countDataKeys } from "@/lib/encryption-keys/count-data-keys";
import { probeWrappingKey } from "@/lib/encryption-keys/wrapping-key-probe";
import { runRewrap } from "@/lib/encryption-keys/run-rewrap";
import { hasWrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { env } from "@/lib/core/env";
import { printColumns } from "@/scripts/print-columns";
import { progressBar } from "../progress-bar";

export type RewrapOptions = { dryRun?: boolean; json?: boolean };

/** Re-encrypts the keys of recordings with the current wrapping key, or counts them. Returns the exit code. */
export async function rewrapCommand({ dryRun, json }: RewrapOptions): Promise<number> {
  if (!hasWrappingKeys(env())) {
    console.error("Neither ENVELOPE_KEYS nor ENVELOPE_KMS_KEY_ID is set.");
    return 2;
  }
  const context = jobContext("storage-command");
  const current = await probeWrappingKey();
  const counted = await countDataKeys(context, {});
  const others = counted.filter(({ keyId }) => keyId !== current).reduce((sum, { keys }) => sum + keys, 0);
  if (!json)
    console.log(
      printColumns([
        ["wrapping key", "keys of recordings", ""],
        ...counted.map(({ keyId, keys }) => [keyId, String(keys), keyId === current ? "current" : "TO REWRAP"]),
      ]),
    );
  if (dryRun) {
    console.log(
      json
        ? JSON.stringify({ current, counted }, null, 2)
        : `\n${others} key(s) would be re-encrypted with ${current}.`,
    );
    return 0;
  }
  const { rewrapped, failed, finished } = await rewrapWithProgress(others);
  console.log(
    json
      ? JSON.stringify({ current, rewrapped, failed, finished }, null, 2)
      : `\n${rewrapped} key(s) re-encrypted with ${current}, ${failed} could not be decrypted.` +
          (finished ? "" : " Interrupted: run it again to continue."),
  );
  return finished && failed === 0 ? 0 : 1;
}

async function rewrapWithProgress(total: number) {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const bar = progressBar("{bar} {value}/{total} | {failed} failed | {eta_formatted} left", { clearOnComplete: true });
  bar.start(total, 0, { failed: 0 });
  try {
    return await runRewrap(jobContext("storage-command"), {
      signal: interrupted.signal,
      onProgress: ({ rewrapped, failed }) => bar.update(rewrapped + failed, { failed }),
    });
  } finally {
    bar.stop();
  }
}
