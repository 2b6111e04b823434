import path from "node:path";

// A phone system records call.wav. A later job may compress it to call.mp3 and remove it: that is one recording.

export const originals = [".wav", ".WAV", ".wav49", ".gsm"];
const compressed = new Set([".mp3", ".ogg", ".oga", ".opus", ".m4a", ".flac"]);

/** Returns a path without its extension. */
export const stemOf = (file: string) => file.slice(0, file.length - path.extname(file).length);

/** True for a file that may have been compressed from an original. */
export const isCompressed = (file: string) => compressed.has(path.extname(file).toLowerCase());

/** True for a file that a later job may compress. */
export const isOriginal = (file: string) => originals.includes(path.extname(file));
