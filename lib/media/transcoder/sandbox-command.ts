/** The programs and folders of this machine that make a sandbox. All paths are absolute. */
export type Sandbox = {
  bwrap: string;
  prlimit: string;
  /** To become nobody: for a process that runs as root only. */
  setpriv: string | null;
  ffmpeg: string;
  /** Where `/lib`, `/lib64` and so on lead, as seen from `/`; null: they are folders. */
  libraries: readonly { path: string; target: string | null }[];
};

/** What a transcoding may take. Node counts wall time and output, because a pipe has no limit of its own. */
export const transcodingLimits = {
  memoryBytes: 512 * 1024 ** 2,
  cpuSeconds: 15 * 60,
  wallMs: 20 * 60_000,
  soundSeconds: 24 * 3600,
  outputBytes: 768 * 1024 ** 2,
  /** An input that ffmpeg must seek in lies in the sandbox's memory. */
  seekableBytes: 64 * 1024 ** 2,
} as const;

/** What ffmpeg reads, how, and what it makes of it. */
export type TranscodingWork = {
  /** The demuxer, by `-f`: ffmpeg never guesses one, because playlists and scripts are formats, too. */
  input: readonly string[];
  /** The format cannot be read from a pipe: the sandbox's memory keeps the input first. */
  isSeekable: boolean;
  /** The times begin again where a file lies behind another, although the sound goes on: it is counted instead. */
  restartsTimes?: boolean;
  /** All of the sound is one packet: its times tell nothing, and an error in it ends the work. */
  isOnePacket?: boolean;
  /** `measure` counts the input's packets without decoding; `opus` makes the copy; `wav` is the sound, uncompressed. */
  output: "measure" | "opus" | "wav";
  channels: 1 | 2;
};

export type InputFormat = Pick<TranscodingWork, "input" | "isSeekable" | "restartsTimes" | "isOnePacket">;

/** Room for each voice: below 24 kbit/s a side Opus may fold agent and customer into one. */
const bitRateOfChannel = 32_000;

/** The whole command line of one transcoding: input on descriptor 0, sound on 1, progress on 3. */
export function transcodingCommand(sandbox: Sandbox, work: TranscodingWork, limits = transcodingLimits): string[] {
  const inner = [
    ...[sandbox.ffmpeg, "-nostdin", "-v", "error", "-max_alloc", "100000000", "-progress", "pipe:3"],
    ...(work.isOnePacket ? ["-xerror"] : []),
    ...["-protocol_whitelist", work.isSeekable ? "file,pipe" : "pipe", "-threads", "1"],
    ...[...work.input, "-i", work.isSeekable ? seekableInput : "pipe:0"],
    ...["-map", "0:a:0", "-map_metadata", "-1", "-vn", "-sn", "-dn", "-t", String(limits.soundSeconds)],
    ...outputs[work.output](work),
  ];
  return confined(sandbox, inner, { keepsInput: work.isSeekable, limits });
}

/** The command line that asks ffmpeg for its version, confined like every other. */
export const versionCommand = (sandbox: Sandbox): string[] => confined(sandbox, [sandbox.ffmpeg, "-version"]);

const seekableInput = "/input";

const outputs: Record<TranscodingWork["output"], (work: TranscodingWork) => string[]> = {
  measure: () => ["-c", "copy", "-f", "null", "-"],
  opus: (work) => opusOutput(work),
  wav: () => ["-threads", "1", "-c:a", "pcm_s16le", "-bitexact", "-f", "wav", "pipe:1"],
};

const opusOutput = ({ channels, restartsTimes, isOnePacket }: TranscodingWork) => [
  ...(restartsTimes || isOnePacket ? ["-af", "asetpts=N/SR/TB"] : []),
  ...["-threads", "1", "-ac", String(channels), "-c:a", "libopus", "-b:a", String(channels * bitRateOfChannel)],
  ...["-f", "ogg", "pipe:1"],
];

/**
 * Runs a program as nobody, with limits, without network, and without files but the system's programs, all read-only.
 * It dies with its parent.
 */
export function confined(
  sandbox: Sandbox,
  program: readonly string[],
  { keepsInput = false, limits = transcodingLimits }: { keepsInput?: boolean; limits?: typeof transcodingLimits } = {},
): string[] {
  const identity = ["--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--bounding-set=-all"];
  return [
    ...(sandbox.setpriv ? [sandbox.setpriv, ...identity] : []),
    ...[sandbox.prlimit, `--as=${limits.memoryBytes}`, `--cpu=${limits.cpuSeconds}`, "--nofile=64", "--core=0"],
    // Counts all processes of a user: only nobody has few.
    ...(sandbox.setpriv ? ["--nproc=64"] : []),
    ...[sandbox.bwrap, "--unshare-all", "--die-with-parent", "--new-session"],
    ...["--ro-bind", "/usr", "/usr", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives"],
    ...sandbox.libraries.flatMap(({ path, target }) =>
      target === null ? ["--ro-bind", path, path] : ["--symlink", target, path],
    ),
    ...(sandbox.ffmpeg.startsWith("/usr/") ? [] : ["--ro-bind", sandbox.ffmpeg, sandbox.ffmpeg]),
    ...["--dev", "/dev", "--remount-ro", "/dev", "--chdir", "/", "--clearenv", "--setenv", "PATH", "/usr/bin"],
    ...(keepsInput ? ["--file", "0", seekableInput] : []),
    ...["--remount-ro", "/", "--", ...program],
  ];
}
