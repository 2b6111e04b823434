/** Finds Chromium or Chrome, or installs it. Answers where its program is. */
export function findChromium(): Promise<string | undefined>;
