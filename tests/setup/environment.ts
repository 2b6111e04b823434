import { vi } from "vitest";
import { noMessages } from "../../scripts/launch/portal-environment.mjs";
import { generateSecrets } from "../../scripts/launch/secrets.mjs";

// A worker runs many files and loads the packages once. Each file has its own environment, modules of the project, and
// their state on globalThis (lib/core/process-wide.ts).
const worker = globalThis as { environmentOfWorker?: NodeJS.ProcessEnv };
const original = (worker.environmentOfWorker ??= { ...process.env });

vi.useRealTimers();
vi.unstubAllGlobals();
vi.resetModules();
Reflect.deleteProperty(globalThis, "custodia");
for (const name of Object.keys(process.env)) if (!(name in original)) delete process.env[name];

/** A complete environment for each test file, with secrets of its own; a database is added for integration tests. */
Object.assign(process.env, original, generateSecrets(), noMessages, {
  // Nothing ever listens on this port; a portal may listen on 3000.
  NEXTAUTH_URL: "http://127.0.0.1:1",
  DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none",
  STORE: "disk",
  DISK_STORE_PATH: "/nonexistent/custodia-store",
  CONTROLLER_NAME: "Controladora de Teste",
  LOG_LEVEL: "silent",
});
