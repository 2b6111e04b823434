import { defineConfig, devices } from "@playwright/test";

/** Run by `npm test -- browser`, which starts a portal of its own and says here where it is. */
const baseURL = process.env.PORTAL_URL;
if (!baseURL)
  throw new Error("Run the browser tests with `npm test -- browser [arguments]`: it starts the portal they need.");

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export default defineConfig({
  testDir: "tests/browser",
  testMatch: "**/*.test.ts",
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: process.env.CI ? 1 : 0,
  // Limits that only a hanging test reaches, also on a slow machine.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json"]],
  use: {
    baseURL,
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    trace: "on-first-retry",
    screenshot: "only-on-failure",
    launchOptions: { executablePath: process.env.CHROMIUM, args: [...quiet, ...asRoot] },
  },
  // Every test runs on the desktop unless tagged @phone-only; those tagged @phone run on the telephone as well.
  projects: [
    {
      name: "desktop",
      grepInvert: /@phone-only/,
      use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 800 } },
    },
    { name: "phone", grep: /@phone/, use: { ...devices["Pixel 7"] } },
  ],
});
