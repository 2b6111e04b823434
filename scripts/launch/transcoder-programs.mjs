import { programsProblem } from "./debian-programs.mjs";

/** Installs missing programs for playable copies (as root, on Debian). Returns why there are none, or undefined. */
export function transcoderProblem() {
  return programsProblem({
    name: "ffmpeg in a sandbox",
    programs: ["ffmpeg", "bwrap", "prlimit", "setpriv"],
    packages: ["ffmpeg", "bubblewrap", "util-linux"],
    message: "  Installing ffmpeg and bubblewrap from Debian's packages (once; about a minute) ...",
  });
}

/** The setting MEDIA_TRANSCODER of a portal on this machine; `report` receives what is missing. */
export function transcoderSetting(report = console.log) {
  const problem = transcoderProblem();
  if (problem) report(`  No playable copies: ${problem}`);
  return problem ? "off" : "ffmpeg";
}
