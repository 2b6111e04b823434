import { chmod, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { describeTranscoder } from "../../support/transcoder";

/** A portal with this setting, and what its health says. */
async function healthWith(setting: string) {
  process.env.MEDIA_TRANSCODER = setting;
  Reflect.deleteProperty((globalThis as { custodia?: object }).custodia ?? {}, "custodiaSandbox");
  vi.resetModules();
  // The first check of a process tries the sandbox, which may take longer than an answer waits.
  await (await import("@/lib/media/transcoder/find-sandbox")).transcodingSandbox();
  const { GET } = await import("@/app/api/health/route");
  // The first answers of a busy machine may come before all checks have ended.
  return vi.waitUntil(
    async () => {
      const response = await GET(new Request("http://127.0.0.1/api/health"), { params: Promise.resolve({}) });
      const said = (await response.json()) as { problems?: string[] };
      return said.problems?.includes("check_unfinished") ? false : [response.status, said];
    },
    { timeout: 20_000 },
  );
}

const unavailable = [200, { status: "degraded", problems: ["transcoder_unavailable"] }];

test("health says that a transcoder is set and missing, and nothing when none is set", async () => {
  expect(await healthWith("/nonexistent/ffmpeg")).toEqual(unavailable);
  expect(await healthWith("off")).toEqual([200, { status: "ok" }]);
});

await describeTranscoder("health", (sandbox) => {
  test("is well with a transcoder that runs confined", async () => {
    expect(await healthWith("ffmpeg")).toEqual([200, { status: "ok" }]);
  });

  test("is not while the machine refuses to confine ffmpeg, which then does not run", async () => {
    const { findSandbox } = await import("@/lib/media/transcoder/find-sandbox");
    const folder = await mkdtemp(path.join(tmpdir(), "custodia-programs-"));
    const refusing = path.join(folder, "bwrap");
    await writeFile(refusing, "#!/bin/sh\necho 'No permissions to create new namespace' >&2\nexit 1\n");
    await chmod(refusing, 0o755);
    const trace = path.join(folder, "ran");
    await writeFile(path.join(folder, "ffmpeg"), `#!/bin/sh\ntouch ${trace}\necho ffmpeg version 1 --enable-libopus\n`);
    await chmod(path.join(folder, "ffmpeg"), 0o755);
    for (const program of ["prlimit", "setpriv"]) await symlink(`/usr/bin/${program}`, path.join(folder, program));
    expect(await findSandbox("ffmpeg", [folder])).toEqual({ sandbox: null, reason: "confinement_refused" });
    expect(await findSandbox(sandbox.ffmpeg, ["/nonexistent"])).toEqual({ sandbox: null, reason: "program_missing" });
    const { existsSync } = await import("node:fs");
    expect(existsSync(trace)).toBe(false);
  });
});
