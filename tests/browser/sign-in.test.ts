import { randomUUID } from "node:crypto";
import { generate } from "otplib";
import { expect, signInOf, test, type Page } from "./setup/test";

async function fill(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha").fill(password);
  await page.getByRole("button", { name: "Entrar" }).click();
}

test("each role starts on its own page @phone", async ({ page, anotherBrowser }) => {
  const supervisor = signInOf("supervisor");
  await page.goto("/recordings");
  await expect(page).toHaveURL("/sign-in?next=%2Frecordings");
  await fill(page, supervisor.email, supervisor.password);
  await expect(page.getByRole("heading", { level: 1, name: "Gravações" })).toBeVisible();
  for (const [role, title] of [
    ["admin", "Usuários"],
    ["dpo", "Gravações"],
    ["auditor", "Trilha de auditoria"],
  ] as const) {
    const other = await anotherBrowser(role);
    await other.goto("/");
    await expect(other.getByRole("heading", { level: 1, name: title })).toBeVisible();
  }
});

test("a wrong password is refused without revealing whether the account exists", async ({ page }) => {
  await page.goto("/sign-in");
  const message = page.getByRole("alert").filter({ hasText: "não conferem" });
  for (const email of [`${randomUUID()}@empresa.example`, signInOf("auditor").email]) {
    await fill(page, email, "errada-de-proposito");
    await expect(message).toHaveText("O e-mail ou a senha não conferem. Confira os dois e tente de novo.");
    await expect(page.getByLabel("E-mail")).toHaveValue(email);
    await expect(page.getByLabel("Senha")).toHaveValue("");
  }
  expect(page.url()).not.toContain("errada");
});

test("repeated failures lock sign-in, also for an unknown account", async ({ page }) => {
  await page.goto("/sign-in");
  const email = `${randomUUID()}@empresa.example`;
  const answer = () => page.waitForResponse((response) => response.url().includes("/callback/credentials"));
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const answered = answer();
    await fill(page, email, `tentativa-${attempt}`);
    await answered;
    await expect(page.getByLabel("Senha")).toHaveValue("");
  }
  await expect(page.getByRole("alert").filter({ hasText: "Muitas tentativas" })).toContainText(
    "Espere cerca de um minuto",
  );
});

test("a user signs in with the keyboard alone", async ({ page }) => {
  const { email, password, totpSecret } = signInOf("dpo");
  await page.goto("/sign-in");
  const emailField = page.getByLabel("E-mail");
  for (let tab = 0; tab < 6 && !(await emailField.evaluate((element) => element === document.activeElement)); tab += 1)
    await page.keyboard.press("Tab");
  await expect(emailField).toBeFocused();
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Código do aplicativo autenticador")).toBeFocused();
  // The code of the next step: the example account may have used this one a moment ago.
  const epoch = Math.floor(Date.now() / 1000) + 30;
  await page.keyboard.type(await generate({ secret: totpSecret!, epoch }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Gravações" })).toBeVisible();
});

test("after signing out, the back button shows no data", async ({ page, signInAs }) => {
  await signInAs("dpo");
  await page.goto("/recordings");
  await page.locator("tbody").getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1, name: /^Gravação de/ })).toBeVisible();
  await page.getByRole("button", { name: /^Menu de/ }).click();
  await page.getByRole("button", { name: "Sair" }).click();
  await expect(page).toHaveURL("/sign-in");
  await page.goBack();
  await expect(page.getByRole("button", { name: "Entrar" })).toBeVisible();
  await expect(page.getByText("Cadeia de custódia")).toBeHidden();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the form says that it needs JavaScript, and no address holds a password", async ({ page, watch }) => {
    await page.goto("/sign-in");
    expect(await page.content()).toMatch(/<noscript>.*é preciso permitir JavaScript/);
    await page.getByLabel("E-mail").fill("alguem@empresa.example");
    await page.getByLabel("Senha").fill("segredo-que-nao-vaza");
    await page.getByLabel("Senha").press("Enter");
    await page.getByRole("button", { name: "Entrar" }).click();
    await expect(page).toHaveURL("/sign-in");
    // The policy blocks React's placeholder address, as intended.
    expect(watch.problems.filter((problem) => !problem.includes("javascript:throw"))).toEqual([]);
    watch.problems.length = 0;
  });
});

test("an idle connection stays open for longer than a proxy keeps it", async ({ request }) => {
  expect((await request.get("/sign-in")).headers()["keep-alive"]).toBe("timeout=75");
});
