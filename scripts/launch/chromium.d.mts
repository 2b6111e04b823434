/** Returns the path of Chromium or Chrome. Installs it if missing: from Debian (as root) or from Playwright. */
export function findChromium(): Promise<string | undefined>;
