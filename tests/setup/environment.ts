import { generateSecrets } from "../../scripts/launch/secrets.mjs";

/** A complete environment for each test file, with secrets of its own; a database is added for integration tests. */
Object.assign(process.env, generateSecrets(), {
  NEXTAUTH_URL: "http://127.0.0.1:3000",
  DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none",
  STORE: "disk",
  DISK_STORE_PATH: "/nonexistent/custodia-store",
  CONTROLLER_NAME: "Controladora de Teste",
  LOG_LEVEL: "silent",
});
