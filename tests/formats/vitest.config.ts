import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

if (!process.env.PORTAL_URL)
  throw new Error("Run the format matrix with `npm test -- formats`: it starts the portal and finds the browsers.");

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The format matrix: a file for each browser. They share the machine's sound of nothing, and two cores. */
export default defineConfig({
  root,
  resolve: { alias: [{ find: /^@\//, replacement: `${root}/` }] },
  test: {
    include: ["tests/formats/*.test.ts"],
    globalSetup: ["tests/formats/store-formats.ts"],
    pool: "forks",
    maxWorkers: 3,
    // On a busy machine a browser may skip sound. What is so at both times is no accident.
    retry: 1,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
