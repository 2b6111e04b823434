import { generate } from "otplib";
import { expectNoViolations } from "./setup/axe";
import { addPersonLike, giveFactorOf, makeProofsStale } from "./setup/database";
import { expect, signInOf, test, type Page } from "./setup/test";

const codeAfter = (secret: string, seconds: number) =>
  generate({ secret, epoch: Math.floor(Date.now() / 1000) + seconds });

type Words = { password: string; submit: string; code: string };
const portuguese: Words = { password: "Senha", submit: "Entrar", code: "Código do aplicativo autenticador" };
const english: Words = { password: "Password", submit: "Sign in", code: "Code of the authenticator app" };

async function password(page: Page, email: string, words: Words): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel(words.password, { exact: true }).fill(signInOf("dpo").password);
  await page.getByRole("button", { name: words.submit, exact: true }).click();
}

/** Sets up an app with the keyboard alone. @returns its secret, the code that was used, and the recovery codes. */
async function enrols(page: Page): Promise<{ secret: string; used: string; codes: string[] }> {
  // A key that comes before the page's scripts does nothing.
  await expect(async () => {
    await page.getByRole("button", { name: "Cadastrar aplicativo" }).press("Enter");
    await expect(page.getByRole("img", { name: "Código QR com a chave do portal" })).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await expectNoViolations(page, "an authenticator app that is being set up");
  const secret = (await page.locator("code").textContent())!.replaceAll(" ", "");
  const code = page.getByLabel("Código que o aplicativo mostra");
  await code.fill("000000");
  await code.press("Enter");
  await expect(page.getByText("O código não confere ou já foi usado.")).toBeVisible();
  await expect(code).toBeFocused();
  const used = await codeAfter(secret, 0);
  await code.fill(used);
  await code.press("Enter");
  const list = page.getByRole("list", { name: "Códigos de recuperação" });
  await expect(list.getByRole("listitem")).toHaveCount(10);
  await expectNoViolations(page, "recovery codes that are shown once");
  return { secret, used, codes: await list.getByRole("listitem").allTextContents() };
}

test("who needs a second factor is led to it, and signs in with a code and with a recovery code", async ({
  page,
  anotherBrowser,
}) => {
  const email = await addPersonLike(signInOf("dpo").email, "Nova Encarregada");
  await password(page, email, portuguese);
  await expect(page).toHaveURL("/settings/second-factor");
  await expect(page.getByText("O seu perfil exige a verificação em duas etapas.")).toBeVisible();
  await page.goto("/recordings");
  await expect(page).toHaveURL("/settings/second-factor");
  const { secret, used, codes } = await enrols(page);
  await page.getByRole("link", { name: "Continuar" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Gravações" })).toBeVisible();

  const second = await anotherBrowser();
  await password(second, email, portuguese);
  const code = second.getByLabel(portuguese.code);
  await expect(code).toBeFocused();
  await expectNoViolations(second, "the second step of the sign-in");
  await code.fill(used);
  await code.press("Enter");
  await expect(second.getByRole("alert").filter({ hasText: "já foi usado" })).toBeVisible();
  await code.fill(await codeAfter(secret, 30));
  await code.press("Enter");
  await expect(second.getByRole("heading", { level: 1, name: "Gravações" })).toBeVisible();

  const third = await anotherBrowser(undefined, { locale: "en-US" });
  await password(third, email, english);
  await third.getByRole("button", { name: "Use a recovery code" }).click();
  await third.getByLabel("Recovery code").fill(codes[0]!);
  await third.getByRole("button", { name: "Continue" }).click();
  await expect(third.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(third).not.toHaveURL(/sign-in/);
  await third.goto("/settings/second-factor");
  await expect(third.getByText(/9 (codes left|códigos)|Restam 9/)).toBeVisible();
});

test("a stale proof opens one dialog, which loses nothing that was typed", async ({ page, signInAs }) => {
  const admin = signInOf("admin");
  const email = await addPersonLike(admin.email, "Outra Administração");
  await giveFactorOf(admin.email, email);
  await signInAs({ email, password: admin.password });
  await page.goto("/users/new");
  await page.getByLabel("Nome completo").fill("Pessoa Criada Depois");
  await page.getByLabel("E-mail", { exact: true }).fill(`${crypto.randomUUID()}@custodia.example`);
  await page.getByLabel("Perfil").selectOption("auditor");
  await page.getByLabel("Como a pessoa recebe a senha").selectOption("temporary_password");
  await makeProofsStale(email);
  const create = page.getByRole("button", { name: "Criar usuário" });
  await create.click();
  const dialog = page.getByRole("dialog", { name: "Confirme que é você" });
  await expect(dialog.getByLabel(portuguese.code)).toBeFocused();
  await expectNoViolations(page, "the dialog that asks for a fresh proof");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Nome completo")).toHaveValue("Pessoa Criada Depois");

  await create.click();
  await expect(dialog.getByLabel(portuguese.code)).toBeFocused();
  await page.keyboard.type("000000");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert").filter({ hasText: "não confere" })).toBeVisible();
  await dialog.getByLabel(portuguese.code).fill(await codeAfter(admin.totpSecret!, 0));
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/senha temporária/i).first()).toBeVisible();
});
