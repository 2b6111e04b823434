import { describe, expect, it } from "vitest";
import { confined, transcodingCommand, type Sandbox } from "@/lib/media/transcoder/sandbox-command";

const sandbox: Sandbox = {
  bwrap: "/usr/bin/bwrap",
  prlimit: "/usr/bin/prlimit",
  setpriv: "/usr/bin/setpriv",
  ffmpeg: "/usr/bin/ffmpeg",
  libraries: [
    { path: "/lib", target: "usr/lib" },
    { path: "/lib64", target: null },
  ],
};
const work = { input: ["-f", "gsm"], isSeekable: false, output: "opus", channels: 1 } as const;

/** The arguments behind an option. */
const after = (command: string[], option: string, count = 1) => {
  const at = command.indexOf(option);
  return at < 0 ? null : command.slice(at + 1, at + 1 + count);
};

describe("the command of a transcoding", () => {
  it("names the format before the input, and lets ffmpeg open nothing but pipes", () => {
    const command = transcodingCommand(sandbox, work);
    const ffmpeg = command.slice(command.indexOf("/usr/bin/ffmpeg"));
    expect(ffmpeg.indexOf("-f")).toBeLessThan(ffmpeg.indexOf("-i"));
    expect(after(ffmpeg, "-f")).toEqual(["gsm"]);
    expect(after(ffmpeg, "-i")).toEqual(["pipe:0"]);
    expect(after(ffmpeg, "-protocol_whitelist")).toEqual(["pipe"]);
    expect(ffmpeg).toContain("-map_metadata");
  });

  it("keeps only a seekable input in a file, of the sandbox's memory", () => {
    expect(transcodingCommand(sandbox, work)).not.toContain("--file");
    const command = transcodingCommand(sandbox, { ...work, input: ["-f", "mov"], isSeekable: true });
    expect(after(command, "--file", 2)).toEqual(["0", "/input"]);
    expect(after(command, "-i")).toEqual(["/input"]);
    expect(after(command, "-protocol_whitelist")).toEqual(["file,pipe"]);
  });

  it("gives each voice enough bits to stay apart", () => {
    expect(after(transcodingCommand(sandbox, { ...work, channels: 2 }), "-b:a")).toEqual(["64000"]);
    expect(after(transcodingCommand(sandbox, { ...work, channels: 2 }), "-ac")).toEqual(["2"]);
    expect(after(transcodingCommand(sandbox, work), "-b:a")).toEqual(["32000"]);
  });

  it("counts the sound of files one behind the other, whose times begin again", () => {
    expect(after(transcodingCommand(sandbox, { ...work, restartsTimes: true }), "-af")).toEqual(["asetpts=N/SR/TB"]);
    expect(after(transcodingCommand(sandbox, work), "-af")).toBeNull();
  });

  it("gives the sound as it is to be measured, with all its channels", () => {
    const command = transcodingCommand(sandbox, { ...work, output: "wav" });
    expect(after(command, "-c:a")).toEqual(["pcm_s16le"]);
    expect([after(command, "-ac"), command.includes("libopus")]).toEqual([null, false]);
  });

  it("decodes nothing while it measures", () => {
    const command = transcodingCommand(sandbox, { ...work, output: "measure" });
    expect([after(command, "-c"), command.includes("libopus")]).toEqual([["copy"], false]);
  });
});

describe("the sandbox", () => {
  const command = confined(sandbox, ["/usr/bin/ffmpeg", "-version"]);

  it("gives up root before anything else runs", () => {
    expect(command.slice(0, 3)).toEqual(["/usr/bin/setpriv", "--reuid=65534", "--regid=65534"]);
    expect(command).toContain("--no-new-privs");
    const asUser = confined({ ...sandbox, setpriv: null }, ["/usr/bin/ffmpeg"]);
    expect([asUser[0], asUser.some((part) => part.startsWith("--nproc"))]).toEqual(["/usr/bin/prlimit", false]);
  });

  it("shares no namespace, shows system folders read-only, and ends with its parent", () => {
    for (const option of ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv"])
      expect(command).toContain(option);
    expect(command.filter((part) => part === "--bind" || part === "--share-net")).toEqual([]);
    expect(command.join(" ")).toContain("--ro-bind /usr /usr");
    expect(command.join(" ")).toContain("--symlink usr/lib /lib --ro-bind /lib64 /lib64");
    expect(command.join(" ")).toContain("--remount-ro / -- /usr/bin/ffmpeg -version");
  });

  it("shows a program of another folder, and nothing else of that folder", () => {
    const other = confined({ ...sandbox, ffmpeg: "/opt/ffmpeg/ffmpeg" }, ["/opt/ffmpeg/ffmpeg"]).join(" ");
    expect(other).toContain("--ro-bind /opt/ffmpeg/ffmpeg /opt/ffmpeg/ffmpeg");
    expect(command.join(" ")).not.toContain("--ro-bind /usr/bin/ffmpeg");
  });
});
