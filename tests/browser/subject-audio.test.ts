import { expectNoViolations } from "./setup/axe";
import { statePurpose } from "./setup/player";
import { expect, test, type Page } from "./setup/test";

/** The whole number of some stored call, as the DPO sees it. */
async function someNumber(page: Page): Promise<string> {
  await page.goto("/recordings?state=stored");
  const text = await page.getByRole("main").innerText();
  return /\(\d\d\) 9\d{4}-\d{4}/.exec(text)![0];
}

/** A request whose recordings are all included and are being decided on. Opens the list of them. */
async function analysedRequest(page: Page): Promise<void> {
  const number = await someNumber(page);
  await page.goto("/privacy-requests/new");
  await page.getByLabel("Canal", { exact: true }).selectOption("Balcão");
  await page.getByLabel("Nome do titular").fill("Joana Ouvida");
  await page.getByLabel("Telefones usados nas chamadas").fill(number);
  await page.getByLabel("Portabilidade").check();
  await page.getByLabel("Canal da resposta").selectOption("Balcão");
  await page.getByRole("button", { name: "Registrar" }).click();
  await page.waitForURL(/\/privacy-requests\/[0-9a-f]{8}-/);
  const confirmed = async (name: string) => {
    await page.getByRole("button", { name }).click();
    await page.getByRole("alertdialog").getByRole("button", { name }).click();
  };
  await confirmed("Iniciar verificação");
  await page.getByRole("button", { name: "Confirmar identidade" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Forma de verificação").selectOption("Presencialmente");
  await dialog.getByLabel("O que foi conferido").fill("Compareceu ao balcão com documento");
  await dialog.getByLabel("Documento visto").selectOption("CNH");
  await dialog.getByLabel("3 últimos caracteres").fill("87X");
  await dialog.getByRole("button", { name: "Confirmar" }).click();
  await expect(page.getByRole("row", { name: /Portabilidade/ })).toContainText("Em triagem");
  await page.getByRole("main").getByRole("link", { name: "Gravações" }).click();
  await page.getByRole("button", { name: "Pesquisar" }).click();
  await expect(page.getByRole("table", { name: "Gravações do titular" })).toContainText(number);
  for (const box of await page.getByRole("table").getByRole("checkbox").all()) await box.check();
  await page.getByLabel("Motivo").fill("Linha do titular desde 2019");
  await page.getByRole("button", { name: "Incluir as marcadas" }).click();
  await expect(page.getByRole("link", { name: "A decidir 0" })).toBeVisible();
  await confirmed("Iniciar análise");
  await page.getByRole("link", { name: /^Incluídas/ }).click();
}

test("the DPO silences parts with the keyboard and on the waveform, and hears the result", async ({
  page,
  signInAs,
}) => {
  await signInAs("dpo");
  await analysedRequest(page);
  await page.getByRole("link", { name: "Preparar áudio" }).first().click();
  await expect(page.getByRole("heading", { name: "Áudio para a requisição" })).toBeVisible();
  await expectNoViolations(page, "nothing prepared");

  await page.getByLabel("Início (").focus();
  await page.keyboard.type("00:02");
  await page.keyboard.press("Tab");
  await page.keyboard.type("00:01");
  const add = page.getByRole("button", { name: "Acrescentar trecho" });
  await add.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("#from-error")).toContainText("o fim depois do início");
  await page.getByLabel("Início (").fill("00:00.5");
  await add.focus();
  await page.keyboard.press("Enter");
  const parts = page.getByRole("list", { name: "Trechos que ficam em silêncio" });
  await expect(parts.getByRole("listitem")).toHaveText(["00:00.5–00:01 Terceiros"]);

  const track = page.getByTestId("silence-track");
  await track.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await track.boundingBox())!;
  await page.mouse.move(x + width * 0.5, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.6, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await page.getByLabel("Motivo").selectOption("Dados de cartão");
  await add.click();
  await expect(parts.getByRole("listitem")).toHaveCount(2);
  await parts.getByRole("button", { name: /Remover o trecho de 00:00.5/ }).click();
  await expect(parts.getByRole("listitem")).toHaveCount(1);

  await page.getByRole("radio", { name: /Todos os canais/ }).check();
  await page.getByRole("button", { name: "Preparar áudio" }).click();
  const prepared = page.locator("[aria-labelledby=prepared]");
  await expect(prepared).toContainText("Em preparação");
  await expect(prepared).toContainText("Retido até", { timeout: 60_000 });
  await expectNoViolations(page, "prepared");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoViolations(page, "prepared, on a phone");
  await prepared.getByRole("button", { name: "Reproduzir" }).click();
  await statePurpose(page, { purpose: "Requisição do titular", reference: "20261129000015", submit: "Ouvir" });
  const audio = prepared.locator("audio");
  await expect
    .poll(() => audio.evaluate((element: HTMLAudioElement) => element.currentTime), { timeout: 20_000 })
    .toBeGreaterThan(0.3);
});
