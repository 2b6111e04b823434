import { randomUUID } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext } from "@playwright/test";
import { generate } from "otplib";
import { freePort } from "../../scripts/launch/ports.mjs";
import { startPortalServer } from "../../scripts/launch/portal-server.mjs";
import { startIdentityProvider } from "../support/identity-provider";
import { expectNoViolations } from "./setup/axe";
import { makeProofsStale } from "./setup/database";
import { expect, signInContext, signInOf, test } from "./setup/test";

/** One more portal of the same build and database, with a provider of its own. */
async function portalWithProvider() {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const provider = await startIdentityProvider(origin);
  const log = path.join(await mkdtemp(path.join(tmpdir(), "custodia-sign-on-")), "portal.log");
  const env = { ...process.env, ...provider.settings, NEXTAUTH_URL: origin };
  const stop = new AbortController();
  const { signal } = stop;
  const portal = await startPortalServer({ mode: "production", host: "127.0.0.1", port, env, log, signal });
  const close = async () => {
    await portal.end();
    stop.abort();
    await provider.close();
  };
  return { origin, provider, close };
}

const reader = (browser: Browser, baseURL: string, locale: string): Promise<BrowserContext> =>
  browser.newContext({ baseURL, locale, timezoneId: "America/Sao_Paulo" });

test("an administrator says who gets what, and a person signs in with the company account", async ({ browser }) => {
  test.slow();
  const { origin, provider, close } = await portalWithProvider();
  const group = `grupo-${randomUUID().slice(0, 8)}`;
  try {
    const administrator = await reader(browser, origin, "pt-BR");
    await signInContext(administrator, signInOf("admin"));
    const settings = await administrator.newPage();
    await settings.goto("/settings/single-sign-on");
    await expect(settings.getByText(`${origin}/api/sso/callback`)).toBeVisible();
    await settings.getByRole("button", { name: "Nova linha" }).click();
    const dialog = settings.getByRole("dialog");
    await dialog.getByLabel("Atributo").fill("groups");
    await dialog.getByLabel("Valor").fill(group);
    await dialog.getByLabel("Perfil").selectOption("auditor");
    await dialog.getByRole("button", { name: "Acrescentar linha" }).click();
    await expect(settings.getByRole("cell", { name: group, exact: true })).toBeVisible();
    await settings.getByLabel("Atributos da pessoa").fill(`groups: ${group}`);
    await settings.getByRole("button", { name: "Ver o resultado" }).click();
    await expect(settings.getByText("Esta pessoa receberia o perfil")).toBeVisible();
    await expectNoViolations(settings, "settings of single sign-on");

    const subject = randomUUID();
    const attributes = { email: `${subject}@empresa.example`, email_verified: true, name: "Ana Prado" };
    provider.person(subject, { ...attributes, groups: [group] });
    const person = await (await reader(browser, origin, "pt-BR")).newPage();
    await person.goto("/audit-log?outcome=denied");
    await expect(person.getByRole("link", { name: "Entrar com a conta da empresa" })).toBeVisible();
    await expectNoViolations(person, "sign-in with single sign-on");
    await person.getByRole("link", { name: "Entrar com a conta da empresa" }).click();
    await expect(person.getByRole("heading", { level: 1, name: "Trilha de auditoria" })).toBeVisible();
    expect(new URL(person.url()).search).toBe("?outcome=denied");

    // A proof of more than ten minutes ago: the provider is asked in another tab, and the action goes on here.
    await person.goto("/settings/second-factor");
    await makeProofsStale(attributes.email);
    await person.getByRole("button", { name: "Cadastrar aplicativo" }).click();
    const atProvider = person.getByRole("link", { name: "Confirmar com a conta da empresa" });
    await expect(atProvider).toBeVisible();
    await expectNoViolations(person, "a fresh proof at the provider");
    await atProvider.click();
    await expect(person.getByRole("img", { name: "Código QR com a chave do portal" })).toBeVisible();

    // Who has a second factor here is asked for it, unless the provider says that it asked for several.
    const secret = (await person.locator("code").textContent())!.replaceAll(" ", "");
    const now = Math.floor(Date.now() / 1000);
    await person.getByLabel("Código que o aplicativo mostra").fill(await generate({ secret, epoch: now }));
    await person.getByLabel("Código que o aplicativo mostra").press("Enter");
    await expect(person.getByRole("list", { name: "Códigos de recuperação" })).toBeVisible();
    const later = await (await reader(browser, origin, "en-US")).newPage();
    await later.goto("/audit-log?outcome=denied");
    await later.getByRole("link", { name: "Sign in with the company account" }).click();
    const code = later.getByLabel("Code of the authenticator app");
    await expect(code).toBeFocused();
    await expectNoViolations(later, "the second step after a sign-in at the provider");
    await code.fill(await generate({ secret, epoch: now + 30 }));
    await code.press("Enter");
    await expect(later.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
    expect(new URL(later.url()).search).toBe("?outcome=denied");

    provider.person(randomUUID(), { ...attributes, email: `${randomUUID()}@empresa.example`, groups: [] });
    const refused = await (await reader(browser, origin, "en-US")).newPage();
    await refused.goto("/sign-in");
    await refused.getByRole("link", { name: "Sign in with the company account" }).click();
    await expect(refused.getByText("gives no access to this portal")).toBeVisible();
    await expectNoViolations(refused, "refused single sign-on");
    await refused.goto("/settings/single-sign-on");
    await expect(refused).toHaveURL(/\/sign-in/);
  } finally {
    await close();
  }
});
