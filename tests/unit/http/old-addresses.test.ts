import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
// @ts-expect-error The configuration has no types.
import untyped from "@/next.config.mjs";

type Rule = { source: string; destination: string; permanent?: boolean };

const config = untyped as { redirects: () => Promise<Rule[]>; rewrites: () => Promise<Rule[]> };
const rules = async () => ({ pages: await config.redirects(), routes: await config.rewrites() });
const root = path.resolve(import.meta.dirname, "../../..");
const fileOf = (address: string, file: string) =>
  path.join(root, "app", address.replace(/\/:path\*$/, "").replace(/:(\w+)/g, "[$1]"), file);

it("answers at the cron address of earlier releases", async () => {
  expect((await rules()).routes).toContainEqual({ source: "/api/cron/drift", destination: "/api/cron/store-scan" });
});

it("redirects pages of earlier releases to existing pages", async () => {
  const { pages } = await rules();
  expect(pages.map(({ source }) => source)).toContain("/retention/drift/:path*");
  for (const { source, destination, permanent } of pages) {
    expect(permanent).toBe(true);
    expect(existsSync(fileOf(`/(portal)${destination}`, "page.tsx")), destination).toBe(true);
    expect(existsSync(fileOf(`/(portal)${source}`, "page.tsx")), source).toBe(false);
  }
});

it("has a route behind each address of earlier releases", async () => {
  for (const { source, destination } of (await rules()).routes) {
    expect(existsSync(fileOf(destination, "route.ts")), destination).toBe(true);
    expect(existsSync(fileOf(source, "route.ts")), source).toBe(false);
  }
});
