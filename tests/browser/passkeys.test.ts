import { expectNoViolations } from "./setup/axe";
import { addPersonLike, makeProofsStale } from "./setup/database";
import { portalAtLocalhost } from "./setup/portal-at-localhost";
import { expect, signInContext, signInOf, test, type Page } from "./setup/test";
import { watchContext } from "./setup/watch-context";

const words = {
  "pt-BR": {
    ...{ email: "E-mail", password: "Senha", submit: "Entrar", menu: /^Menu de/, signOut: "Sair" },
    ...{ name: "Nome da chave", add: "Cadastrar chave de acesso", list: "Suas chaves de acesso", remove: "Remover" },
    ...{ done: "Verificação em duas etapas ativa.", codes: "Códigos de recuperação", renew: "Gerar novos códigos" },
    ...{ alone: "Entrar com chave de acesso", use: "Usar a chave de acesso", proof: "Confirme que é você" },
    ...{ confirm: "Confirmar com a chave de acesso", none: "Nenhuma chave de acesso cadastrada." },
    ...{ exists: "já tem uma chave de acesso cadastrada", refused: "A chave de acesso não foi aceita." },
    ...{ cancelled: "O pedido foi cancelado", ip: "Chaves de acesso não funcionam em http://127.0.0.1" },
  },
  "en-US": {
    ...{ email: "E-mail", password: "Password", submit: "Sign in", menu: /^Menu of/, signOut: "Sign out" },
    ...{ name: "Name of the passkey", add: "Set up a passkey", list: "Your passkeys", remove: "Remove" },
    ...{ done: "Two-step verification is on.", codes: "Recovery codes", renew: "Make new codes" },
    ...{ alone: "Sign in with a passkey", use: "Use the passkey", proof: "Confirm that it is you" },
    ...{ confirm: "Confirm with the passkey", none: "No passkey set up." },
    ...{ exists: "already has a passkey of your account", refused: "The passkey was not accepted." },
    ...{ cancelled: "The request was cancelled", ip: "Passkeys do not work at http://127.0.0.1" },
  },
} as const;

type Words = (typeof words)[keyof typeof words];

/** A device of the page's own that holds passkeys and verifies the person at once. */
async function addDevice(page: Page) {
  const devices = await page.context().newCDPSession(page);
  await devices.send("WebAuthn.enable");
  const { authenticatorId } = await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", automaticPresenceSimulation: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  });
  const verify = (isUserVerified: boolean) =>
    devices.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  const forget = () => devices.send("WebAuthn.clearCredentials", { authenticatorId });
  return { verify, forget };
}

async function signOut(page: Page, t: Words): Promise<void> {
  await page.getByRole("button", { name: t.menu }).click();
  await page.getByRole("button", { name: t.signOut }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}

/** Sets up a passkey. A name that is missing is refused before the device is asked. */
async function setUp(page: Page, t: Words): Promise<void> {
  await page.goto("/settings/second-factor");
  await expect(page.getByText(t.none)).toBeVisible();
  await page.getByRole("button", { name: t.add }).click();
  await expect(page.getByLabel(t.name)).toBeFocused();
  await page.getByLabel(t.name).fill("Notebook");
  await page.getByLabel(t.name).press("Enter");
  await expect(page.getByText(t.done)).toBeVisible();
  await expect(page.getByRole("list", { name: t.codes }).getByRole("listitem")).toHaveCount(10);
  await expect(page.getByRole("list", { name: t.list }).getByText("Notebook")).toBeVisible();
  await expectNoViolations(page, "a passkey that has just been set up");
  await page.getByLabel(t.name).fill("O mesmo");
  await page.getByRole("button", { name: t.add }).click();
  await expect(page.getByText(t.exists)).toBeVisible();
}

for (const [locale, t] of Object.entries(words))
  test(`a person sets up a passkey, signs in with it, proves who they are and removes it (${locale})`, async ({
    browser,
  }) => {
    test.slow();
    const { origin, close } = await portalAtLocalhost();
    const { email, password } = {
      ...signInOf("auditor"),
      email: await addPersonLike(signInOf("auditor").email, "Bia"),
    };
    const context = await browser.newContext({ baseURL: origin, locale, timezoneId: "America/Sao_Paulo" });
    const watch = watchContext(context, origin);
    try {
      await signInContext(context, { email, password });
      const page = await context.newPage();
      const device = await addDevice(page);
      await setUp(page, t);

      await signOut(page, t);
      await page.getByLabel(t.email).fill(email);
      await page.getByLabel(t.password, { exact: true }).fill(password);
      await page.getByRole("button", { name: t.submit, exact: true }).click();
      await expect(page.getByRole("button", { name: t.use })).toBeVisible();
      await expectNoViolations(page, "the second step by a passkey");
      await page.getByRole("button", { name: t.use }).click();
      await expect(page).not.toHaveURL(/sign-in/);

      await signOut(page, t);
      await expectNoViolations(page, "the sign-in page with passkeys");
      await device.verify(false);
      await page.getByRole("button", { name: t.alone }).click();
      await expect(page.getByText(t.cancelled)).toBeVisible();
      await device.verify(true);
      await page.getByRole("button", { name: t.alone }).press("Enter");
      await expect(page).not.toHaveURL(/sign-in/);

      await page.goto("/settings/second-factor");
      await makeProofsStale(email);
      await page.getByRole("button", { name: `${t.remove} Notebook` }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: t.remove }).click();
      const proof = page.getByRole("dialog", { name: t.proof });
      await expect(proof).toBeVisible();
      await expectNoViolations(page, "the dialog that asks a passkey for a fresh proof");
      await proof.getByRole("button", { name: t.confirm }).click();
      await expect(page.getByText(t.none)).toBeVisible();
      await expect(page.getByRole("button", { name: t.renew })).toBeHidden();

      await signOut(page, t);
      await page.getByRole("button", { name: t.alone }).click();
      await expect(page.getByText(t.refused)).toBeVisible();
      await device.forget();
      expect(watch.problems).toEqual([]);
    } finally {
      await context.close();
      await close();
    }
  });

test("at an IP address the portal offers no passkey, and says why", async ({ page, signInAs }) => {
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: words["pt-BR"].submit, exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: words["pt-BR"].alone })).toBeHidden();
  await signInAs("auditor");
  await page.goto("/settings/second-factor");
  await expect(page.getByText(words["pt-BR"].ip)).toBeVisible();
  await expect(page.getByRole("button", { name: words["pt-BR"].add })).toBeHidden();
  await expectNoViolations(page, "settings without passkeys");
});
