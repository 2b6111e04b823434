import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => vi.resetModules());

async function partyAt(url: string) {
  process.env.NEXTAUTH_URL = url;
  return import("@/lib/access/sign-in/relying-party");
}

test.each([
  ["https://portal.example", "portal.example", "https://portal.example"],
  ["https://portal.example:8443/", "portal.example", "https://portal.example:8443"],
  ["http://localhost:3000", "localhost", "http://localhost:3000"],
])("%s has passkeys", async (url, id, origin) => {
  const { relyingParty, requireRelyingParty } = await partyAt(url);
  expect(relyingParty()).toMatchObject({ id, origin });
  expect(requireRelyingParty().name).toBe(`Custodia ${new URL(url).host}`);
});

test.each([
  "http://portal.example",
  "http://127.0.0.1:3000",
  "https://192.0.2.7",
  "https://[2001:db8::7]",
  "http://localhost.example",
])("%s has none", async (url) => {
  const { relyingParty, requireRelyingParty } = await partyAt(url);
  expect(relyingParty()).toBeNull();
  expect(requireRelyingParty).toThrow(expect.objectContaining({ code: "passkeys_unavailable" }));
});
