import { expectNoViolations } from "./setup/axe";
import { requestWithIdentity, someNumber } from "./setup/subject-requests";
import { expect, test } from "./setup/test";

test("the DPO searches, includes and excludes what was found, and begins the analysis", async ({ page, signInAs }) => {
  await signInAs("dpo");
  const number = await someNumber(page);
  await requestWithIdentity(page, number);
  await page.getByRole("main").getByRole("link", { name: "Gravações" }).click();
  await expect(page.getByText("Nada foi pesquisado ainda.")).toBeVisible();
  await page.getByLabel("Atendente, quando o titular é da equipe").fill("suporte/ninguem");
  await page.getByRole("button", { name: "Pesquisar" }).click();
  await expect(page.locator("#agents-error")).toContainText("Nenhum atendente");
  await page.getByLabel("Atendente, quando o titular é da equipe").fill("");
  await page.getByRole("button", { name: "Pesquisar" }).click();
  const history = page.getByRole("list", { name: "Pesquisas feitas" });
  await expect(history).toContainText(/Mesmo telefone: (\d+) grava/);
  await expect(page.getByRole("table", { name: "Gravações do titular" })).toContainText(number);
  await expectNoViolations(page, "what was found");
  await page.getByRole("button", { name: "Iniciar análise" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Iniciar análise" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("sem decisão");
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancelar" }).click();
  await page.getByRole("button", { name: "Incluir as marcadas" }).click();
  await expect(page.getByText("Escolha ao menos uma gravação.")).toBeVisible();
  await page.getByRole("checkbox").last().check();
  await page.getByLabel("Motivo").fill("A voz é de outra pessoa da casa");
  await page.getByRole("button", { name: "Excluir as marcadas" }).click();
  await expect(page.getByRole("link", { name: "Excluídas 1" })).toBeVisible();
  const left = page.getByRole("button", { name: "Incluir todas" });
  if (await left.isVisible()) {
    await left.click();
    await page.getByRole("dialog").getByLabel("Motivo").fill("Linha do titular desde 2019");
    await page.getByRole("dialog").getByRole("button", { name: "Incluir todas" }).click();
  }
  await expect(page.getByRole("link", { name: "A decidir 0" })).toBeVisible();
  await page.getByRole("link", { name: "Excluídas 1" }).click();
  await expect(page.getByRole("table")).toContainText("A voz é de outra pessoa da casa");
});

test("an auditor sees what was found, with masked numbers and no reasons, and decides nothing", async ({
  page,
  signInAs,
}) => {
  await signInAs("dpo");
  const number = await someNumber(page);
  await requestWithIdentity(page, number);
  await page.getByRole("main").getByRole("link", { name: "Gravações" }).click();
  await page.getByRole("button", { name: "Pesquisar" }).click();
  await expect(page.getByRole("table", { name: "Gravações do titular" })).toContainText(number);
  const address = page.url();
  await signInAs("auditor");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(address);
  await expect(page.getByRole("table", { name: "Gravações do titular" })).toContainText("•••••");
  await expect(page.getByText(number)).toBeHidden();
  for (const name of ["Pesquisar", "Incluir as marcadas", "Incluir todas", "Iniciar análise"])
    await expect(page.getByRole("button", { name })).toBeHidden();
  await signInAs("supervisor");
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "Sem permissão" })).toBeVisible();
});
