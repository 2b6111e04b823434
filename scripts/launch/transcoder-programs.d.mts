/** Installs missing programs for playable copies (as root, on Debian). Returns why there are none, or undefined. */
export function transcoderProblem(): string | undefined;
/** The setting MEDIA_TRANSCODER of a portal on this machine; `report` receives what is missing. */
export function transcoderSetting(report?: (line: string) => void): "off" | "ffmpeg";
