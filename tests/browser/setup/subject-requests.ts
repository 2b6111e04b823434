import { expect, type Page } from "./test";

/** The whole number of some stored call, as the DPO sees it. */
export async function someNumber(page: Page): Promise<string> {
  await page.goto("/recordings?state=stored");
  const text = await page.getByRole("main").innerText();
  return /\(\d\d\) 9\d{4}-\d{4}/.exec(text)![0];
}

/** Registers a request of somebody who named a number, and proves who asks. */
export async function requestWithIdentity(page: Page, number: string): Promise<void> {
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
