import { describe, it } from "vitest";
import { transcoderProblem } from "../../scripts/launch/transcoder-programs.mjs";
import { findSandbox } from "@/lib/media/transcoder/find-sandbox";
import type { Sandbox } from "@/lib/media/transcoder/sandbox-command";

/**
 * A suite that needs ffmpeg in its sandbox. Where it does not run the suite is skipped by name; with `CI=true` that is
 * a failure.
 */
export async function describeTranscoder(name: string, define: (sandbox: Sandbox) => void): Promise<void> {
  const missing = transcoderProblem();
  const found = missing ? null : await findSandbox("ffmpeg");
  if (found?.sandbox) {
    const { sandbox } = found;
    return void describe(name, () => define(sandbox));
  }
  const notTested = `${name} (not tested: ${missing ?? `ffmpeg does not run confined here`})`;
  if (process.env.CI === "true") throw new Error(notTested);
  console.warn(`\n${notTested}\n`);
  describe.skip(notTested, () => it("needs ffmpeg in a sandbox", () => undefined));
}
