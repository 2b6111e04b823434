import { generateKeyPairSync } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { ssoTries, users } from "@/lib/db/schema";
import type { SignOnCode } from "@/lib/access/single-sign-on/sign-on-codes";
import { newId } from "@/lib/core/new-id";
import { processWide } from "@/lib/core/process-wide";
import { portalWithProvider, refusals, usualRules } from "../../support/sign-on";
import { SignOnBrowser } from "../../support/sign-on-browser";

const provider = await portalWithProvider();
afterAll(() => provider.close());
beforeAll(usualRules);

/** Forgets what the portal knows of the provider. */
const forgetDiscovery = () => Reflect.deleteProperty(processWide, "custodiaSsoProvider");

let people = 0;
beforeEach(async () => {
  provider.restore();
  forgetDiscovery();
  const subject = newId();
  const email = `${subject}@empresa.example`;
  provider.person(subject, { email, email_verified: true, name: "Ana", roles: ["custodia-auditor"] });
  people = await database().$count(users);
});

/** Refused with this code, as an event too, and nobody is created. */
async function expectRefused(answer: () => Promise<{ refused: string | null }>, code: SignOnCode): Promise<void> {
  const before = await refusals();
  expect((await answer()).refused).toBe(code);
  expect((await refusals()).slice(before.length)).toEqual([code]);
  expect(await database().$count(users)).toBe(people);
}

const altered = (address: string, change: (query: URLSearchParams) => void): string => {
  const url = new URL(address);
  change(url.searchParams);
  return url.href;
};

/** A browser that the provider has answered, and the address of that answer. */
async function answeredBrowser() {
  const browser = new SignOnBrowser();
  return { browser, address: await browser.visit(await browser.start()) };
}

describe("the answer that the browser brings", () => {
  test.each<[SignOnCode, (query: URLSearchParams) => void]>([
    ["state_mismatch", (query) => query.set("state", "A".repeat(43))],
    ["state_mismatch", (query) => query.delete("state")],
    ["response_issuer", (query) => query.set("iss", "https://login.example")],
    ["response_issuer", (query) => query.delete("iss")],
    ["response_issuer", (query) => query.append("iss", "https://login.example")],
    ["code_refused", (query) => query.set("code", "A".repeat(43))],
  ])("%s: %s", async (code, change) => {
    const { browser, address } = await answeredBrowser();
    await expectRefused(() => browser.answer(altered(address, change)), code);
    // The try is used up by it: the right answer is too late.
    expect((await browser.answer(address)).refused).toBe("try_unknown");
  });

  test("an error of the provider", async () => {
    const { browser, address } = await answeredBrowser();
    const change = (query: URLSearchParams) => {
      query.delete("code");
      query.set("error", "access_denied");
    };
    await expectRefused(() => browser.answer(altered(address, change)), "provider_refused");
  });

  test("the same answer twice, in a browser that kept its cookie", async () => {
    const { browser, address } = await answeredBrowser();
    const cookies = { ...browser.portal };
    expect((await browser.answer(address)).refused).toBeNull();
    people = await database().$count(users);
    Object.assign(browser.portal, cookies);
    await expectRefused(() => browser.answer(address), "try_used");
  });

  test("another browser's answer", async () => {
    const [first, second] = [await answeredBrowser(), await answeredBrowser()];
    await expectRefused(() => second.browser.answer(first.address), "state_mismatch");
  });

  test("a swapped cookie: the code belongs to the other's verifier and state", async () => {
    const [first, second] = [await answeredBrowser(), await answeredBrowser()];
    Object.assign(first.browser.portal, second.browser.portal);
    await expectRefused(() => first.browser.answer(first.address), "state_mismatch");
  });

  test("another's code with one's own state: PKCE", async () => {
    const [first, second] = [await answeredBrowser(), await answeredBrowser()];
    const code = new URL(first.address).searchParams.get("code")!;
    const mixed = altered(second.address, (query) => query.set("code", code));
    await expectRefused(() => second.browser.answer(mixed), "code_refused");
  });

  test("without a cookie, and with one of nobody's", async () => {
    const { address } = await answeredBrowser();
    await expectRefused(() => new SignOnBrowser().answer(address), "try_unknown");
    const forged = new SignOnBrowser();
    forged.portal["custodia-sign-on-try"] = "A".repeat(43);
    await expectRefused(() => forged.answer(address), "try_unknown");
  });

  test("too late", async () => {
    const { browser, address } = await answeredBrowser();
    await database()
      .update(ssoTries)
      .set({ expiresAt: sql`now() - interval '1 second'` });
    await expectRefused(() => browser.answer(address), "try_expired");
  });
});

describe("the ID token", () => {
  const otherKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const seconds = () => Math.floor(Date.now() / 1000);
  type Alter = NonNullable<typeof provider.front.alterIdToken>;
  test.each<[SignOnCode, string, Alter]>([
    ["token_nonce", "of another try", (jwt) => ({ ...jwt, claims: { ...jwt.claims, nonce: "outro" } })],
    ["token_nonce", "without a nonce", ({ header, claims: { nonce: _, ...claims } }) => ({ header, claims })],
    ["token_issuer", "of another issuer", (jwt) => ({ ...jwt, claims: { ...jwt.claims, iss: "https://x.example" } })],
    ["token_audience", "of another client", (jwt) => ({ ...jwt, claims: { ...jwt.claims, aud: "outro-cliente" } })],
    [
      "token_audience",
      "that another client asked for",
      (jwt) => ({ ...jwt, claims: { ...jwt.claims, aud: ["custodia", "outro"], azp: "outro" } }),
    ],
    ["token_expired", "expired", (jwt) => ({ ...jwt, claims: { ...jwt.claims, exp: seconds() - 31 } })],
    ["token_expired", "not valid yet", (jwt) => ({ ...jwt, claims: { ...jwt.claims, nbf: seconds() + 120 } })],
    ["token_algorithm", "without a signature", (jwt) => ({ ...jwt, header: { ...jwt.header, alg: "none" } })],
    ["token_algorithm", "with a shared secret", (jwt) => ({ ...jwt, header: { ...jwt.header, alg: "HS256" } })],
    ["token_signature", "signed by another key", (jwt) => provider.sign(jwt, otherKey)],
    ["token_signature", "of an unknown key", (jwt) => ({ ...jwt, header: { ...jwt.header, kid: "outra" } })],
    ["token_invalid", "without a subject", ({ header, claims: { sub: _, ...claims } }) => ({ header, claims })],
    ["subject_mismatch", "of another person", (jwt) => ({ ...jwt, claims: { ...jwt.claims, sub: "outra-pessoa" } })],
    ["token_invalid", "that is none", () => "nenhum.token.aqui"],
  ])("%s: %s", async (code, _, alter) => {
    const { browser, address } = await answeredBrowser();
    provider.front.alterIdToken = alter;
    await expectRefused(() => browser.answer(address), code);
  });

  test("without a signature, although the provider's document offers that", async () => {
    provider.front.alterDocument = (document) => ({
      ...document,
      id_token_signing_alg_values_supported: ["none", "HS256", "RS256"],
    });
    const { browser, address } = await answeredBrowser();
    provider.front.alterIdToken = (jwt) => ({ ...jwt, header: { ...jwt.header, alg: "none" } });
    await expectRefused(() => browser.answer(address), "token_algorithm");
  });
});

describe("the provider", () => {
  test("with another issuer in its document: nobody is sent there", async () => {
    provider.front.alterDocument = (document) => ({ ...document, issuer: "https://login.example" });
    const browser = new SignOnBrowser();
    const location = await browser.start();
    expect(new URL(location).searchParams.get("refused")).toBe("discovery_issuer");
    expect(await refusals()).toContain("discovery_issuer");
  });

  test("away: said so, and the next try asks again", async () => {
    provider.front.isAway = true;
    const browser = new SignOnBrowser();
    expect(new URL(await browser.start()).searchParams.get("refused")).toBe("provider_unavailable");
    provider.restore();
    expect((await browser.signOn()).refused).toBeNull();
  });

  test("away at the answer", async () => {
    const { browser, address } = await answeredBrowser();
    provider.front.isAway = true;
    await expectRefused(() => browser.answer(address), "provider_unavailable");
  });

  test("is read once for many, and again after ten minutes", async () => {
    const reads = () => provider.front.requests.filter((path) => path.endsWith("openid-configuration")).length;
    const before = reads();
    await Promise.all(Array.from({ length: 5 }, () => new SignOnBrowser().start()));
    expect(reads()).toBe(before + 1);
    (processWide as { custodiaSsoProvider: { until: number } }).custodiaSsoProvider.until = Date.now() - 1;
    await new SignOnBrowser().start();
    expect(reads()).toBe(before + 2);
  });
});

test("the request has PKCE with S256, state and nonce, and differs each time", async () => {
  const [first, second] = await Promise.all([new SignOnBrowser().start(), new SignOnBrowser().start()]);
  const query = new URL(first).searchParams;
  expect(query.get("code_challenge_method")).toBe("S256");
  for (const name of ["state", "nonce", "code_challenge"]) {
    expect(query.get(name)).toMatch(/^[\w-]{43}$/);
    expect(query.get(name)).not.toBe(new URL(second).searchParams.get(name));
  }
});
