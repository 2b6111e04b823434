import { randomUUID } from "node:crypto";
import { expectNoViolations } from "./setup/axe";
import { expect, test, type Page } from "./setup/test";

/** The version in force, as the form was loaded with it. */
const versionOf = async (page: Page) => Number(await page.locator('input[name="version"]').inputValue());

async function save(page: Page): Promise<void> {
  const version = await versionOf(page);
  await page.getByRole("button", { name: "Salvar", exact: true }).click();
  await expect(page.locator('input[name="version"]')).toHaveValue(String(version + 1));
}

const isAsWideAsTheScreen = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

/** Tabs from a focused field to the control with this name, as a person without a mouse. */
async function tabTo(page: Page, name: string): Promise<void> {
  const isThere = () => page.evaluate((wanted) => document.activeElement?.getAttribute("name") === wanted, name);
  for (let presses = 0; presses < 40 && !(await isThere()); presses += 1) await page.keyboard.press("Tab");
  expect(await isThere(), `the keyboard reaches ${name}`).toBe(true);
}

// One test after another: they change the same settings.
test.describe.configure({ mode: "serial" });

test("the DPO completes the settings; the auditor reads them; the supervisor has no such page", async ({
  page,
  signInAs,
  anotherBrowser,
}) => {
  const supervisor = await anotherBrowser("supervisor");
  expect((await supervisor.goto("/settings/controller"))?.status()).toBe(403);
  await supervisor.goto("/settings");
  await expect(supervisor.getByRole("link", { name: "Controlador e encarregado" })).toHaveCount(0);

  await signInAs("dpo");
  await page.goto("/settings/controller");
  const substitute = page.getByLabel("Nome completo do substituto");
  await substitute.fill(`Sérgio Substituto ${randomUUID().slice(0, 8)}`);
  await save(page);
  await page.goto("/recordings");
  await expect(page.getByRole("heading", { level: 1, name: "Gravações" })).toBeVisible();
  const notice = page.getByText(/Faltam dados do controlador e do encarregado/);
  await expect(notice).toHaveCount(0);
  await page.goto("/settings/controller");
  await substitute.fill("");
  await save(page);
  await expect(page.getByText("o nome do substituto")).toBeVisible();
  await page.goto("/recordings");
  await expect(notice).toContainText("o nome do substituto");
  await page.getByRole("link", { name: "Completar" }).click();
  await expect(page).toHaveURL("/settings/controller");
  await substitute.fill("Selma Substituta");
  await save(page);
  await expect(page.getByText("Falta informar:")).toHaveCount(0);
  const inForce = page.getByRole("listitem").filter({ has: page.getByText("Em vigor", { exact: true }) });
  await expect(inForce).toContainText("Selma Substituta");
  await expect(inForce).toContainText("Alterado nesta versãoNome completo do substituto");

  const auditor = await anotherBrowser("auditor");
  await auditor.goto("/settings/controller");
  await expect(auditor.getByRole("region", { name: "Substituto do encarregado" })).toContainText("Selma Substituta");
  await expect(auditor.getByRole("button", { name: "Salvar" })).toHaveCount(0);
  await expectNoViolations(auditor, "the settings as the auditor reads them");
  await auditor.getByLabel("Em vigor no dia").fill("1999-12-31");
  await auditor.getByRole("button", { name: "Procurar" }).click();
  await expect(auditor.getByText("Nenhuma versão.")).toBeVisible();
});

for (const [device, size] of [
  ["desktop", { width: 1440, height: 900 }],
  ["phone", { width: 360, height: 740 }],
] as const) {
  test(`${device}: wrong fields are explained and keep what was typed, by keyboard alone`, async ({
    page,
    signInAs,
  }) => {
    await page.setViewportSize(size);
    await signInAs("admin");
    await page.goto("/settings/controller");
    await expectNoViolations(page, `the settings, ${device}`);
    expect(await isAsWideAsTheScreen(page)).toBe(true);
    const typed = { cnpj: "11.222.333/0001-82", phone: "3333-4444", contactEmail: "encarregado@" };
    await page.getByLabel("Razão social").focus();
    for (const [name, text] of Object.entries(typed)) {
      await tabTo(page, name);
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(text);
    }
    await tabTo(page, "smallAgent");
    await page.keyboard.press("Space");
    await expect(page.getByLabel("Motivo do enquadramento")).toBeVisible();
    await tabTo(page, "smallAgentReason");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Isto não é um CNPJ")).toBeVisible();
    await expect(page.getByText("Informe o telefone com DDD")).toBeVisible();
    await expect(page.getByText("Isto não é um endereço de e-mail.")).toBeVisible();
    await expect(page.getByLabel("CNPJ")).toBeFocused();
    await expect(page.getByLabel("CNPJ")).toHaveAttribute("aria-invalid", "true");
    for (const [name, text] of Object.entries(typed)) await expect(page.locator(`[name="${name}"]`)).toHaveValue(text);
    await expect(page.getByRole("switch")).toBeChecked();
    await expectNoViolations(page, `refused settings, ${device}`);
    expect(await isAsWideAsTheScreen(page)).toBe(true);
  });
}

test("of two editors the second is told, and keeps what they typed", async ({ page, signInAs, anotherBrowser }) => {
  await signInAs("dpo");
  await page.goto("/settings/controller");
  const other = await anotherBrowser("admin");
  await other.goto("/settings/controller");
  const first = `Primeira ${randomUUID().slice(0, 8)}`;
  await page.getByLabel("Nome fantasia").fill(first);
  await save(page);
  await other.getByLabel("Nome fantasia").fill("Segunda");
  await other.getByRole("button", { name: "Salvar", exact: true }).click();
  await expect(other.getByText(/Outra pessoa alterou este registro/)).toBeVisible();
  await expect(other.getByLabel("Nome fantasia")).toHaveValue("Segunda");
  await other.reload();
  await expect(other.getByLabel("Nome fantasia")).toHaveValue(first);
  await other.getByLabel("Nome fantasia").fill("Custodia Demonstração");
  await save(other);
});
