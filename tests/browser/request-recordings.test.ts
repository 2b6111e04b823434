import { expectNoViolations } from "./setup/axe";
import { expect, test, type Page } from "./setup/test";

/** The whole number of some stored call, as the DPO sees it. */
async function someNumber(page: Page): Promise<string> {
  await page.goto("/recordings?state=stored");
  const text = await page.getByRole("main").innerText();
  return /\(\d\d\) 9\d{4}-\d{4}/.exec(text)![0];
}

/** Registers a request of somebody who named a number, and proves who asks. */
async function requestWithIdentity(page: Page, number: string): Promise<void> {
  await page.goto("/privacy-requests/new");
  await page.getByLabel("Canal", { exact: true }).selectOption("Balcão");
  await page.getByLabel("Nome do titular").fill("João Pesquisado");
  await page.getByLabel("Telefones usados nas chamadas").fill(number);
  await page.getByLabel("Portabilidade").check();
  await page.getByLabel("Canal da resposta").selectOption("Balcão");
  await page.getByRole("button", { name: "Registrar" }).click();
  await page.waitForURL(/\/privacy-requests\/[0-9a-f]{8}-/);
  await page.getByRole("button", { name: "Iniciar verificação" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Iniciar verificação" }).click();
  await page.getByRole("button", { name: "Confirmar identidade" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Forma de verificação").selectOption("Código enviado à linha ou ao endereço gravado");
  await dialog.getByLabel("O que foi conferido").fill("Compareceu ao balcão com documento");
  await dialog.getByRole("button", { name: "Confirmar" }).click();
  await expect(dialog.locator("#method-error")).toContainText("não basta");
  await dialog.getByLabel("Forma de verificação").selectOption("Presencialmente");
  await dialog.getByLabel("Documento visto").selectOption("CNH");
  await dialog.getByLabel("3 últimos caracteres").fill("87X");
  await dialog.getByRole("button", { name: "Confirmar" }).click();
  await expect(page.getByRole("row", { name: /Portabilidade/ })).toContainText("Em triagem");
}

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
