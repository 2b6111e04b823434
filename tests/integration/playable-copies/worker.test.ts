import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { drain } from "@/lib/jobs/drain";
import { readPlayability } from "@/lib/playback/read-playability";
import { jobHandlersHere } from "@/lib/schedule/job-handlers";
import { loadTypescript } from "../../support/load-typescript";
import { signedInAs } from "../../support/people";
import { bytesOf, grantOf, listen } from "../../support/playbacks";
import { call } from "../../support/portal";
import { describeTranscoder } from "../../support/transcoder";
import { phoneSystem, recordingRow } from "../../support/uploads";
import { copyOf, storedGsm } from "./copies";

const program = fileURLToPath(new URL("./worker.ts", import.meta.url));

// Of this process, which is the portal: its transcoder is missing.
process.env.MEDIA_TRANSCODER = "/nonexistent/ffmpeg";

await describeTranscoder("a portal without a sandbox, and a worker that has one", () => {
  test("leave copies and their waveforms to the worker; health and the page say what is missing", async () => {
    const system = await phoneSystem();
    const dpo = await signedInAs("dpo");
    const id = await storedGsm(system);
    const health = await call("GET", "/api/health");
    expect(await health.json()).toEqual({ status: "degraded", problems: ["transcoder_unavailable"] });
    const playability = async () => readPlayability(await dpo.context(), { recordingId: id });

    const handlers = await jobHandlersHere();
    expect(Object.keys(handlers)).not.toContain("playable_copy");
    expect((await drain(30, handlers)).playable_copy).toBeUndefined();
    expect(await recordingRow(id)).toMatchObject({
      waveformState: "unavailable",
      waveformFailure: "unsupported_codec",
    });
    expect(await playability()).toMatchObject({ plays: "nothing", reason: "no_transcoder" });

    const worker = spawn(process.execPath, ["--import", loadTypescript, program], {
      stdio: "ignore",
      env: { ...process.env, MEDIA_TRANSCODER: "ffmpeg" },
    });
    try {
      await vi.waitFor(async () => expect((await copyOf(id))?.state).toBe("ready"), { timeout: 90_000, interval: 200 });
    } finally {
      // At SIGTERM it would end a minute later, with its last idle connection to the database.
      worker.kill("SIGKILL");
      await once(worker, "exit");
    }
    expect(await playability()).toMatchObject({ plays: "copy" });
    const bytes = await bytesOf(await listen(dpo.cookie, (await grantOf(dpo, id)).url));
    expect(bytes.subarray(0, 4).toString()).toBe("OggS");
  });
});
