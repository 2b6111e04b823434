import { readFile } from "node:fs/promises";
import { expectNoViolations } from "./setup/axe";
import { requestWithIdentity, someNumber } from "./setup/subject-requests";
import { expect, test, type Page } from "./setup/test";

const confirm = async (page: Page, name: string) => {
  await page.getByRole("button", { name }).click();
  await page.getByRole("alertdialog").getByRole("button", { name }).click();
};

/** A request for portability whose recordings are found and included. */
async function analysed(page: Page): Promise<string> {
  await requestWithIdentity(page, await someNumber(page));
  const address = page.url();
  await page.getByRole("main").getByRole("link", { name: "Gravações" }).click();
  await page.getByRole("button", { name: "Pesquisar" }).click();
  await expect(page.getByRole("list", { name: "Pesquisas feitas" })).toContainText(/Mesmo telefone: \d+ grava/);
  await page.getByRole("button", { name: "Incluir todas" }).click();
  await page.getByRole("dialog").getByLabel("Motivo").fill("Linha do titular desde 2019");
  await page.getByRole("dialog").getByRole("button", { name: "Incluir todas" }).click();
  await expect(page.getByRole("link", { name: "A decidir 0" })).toBeVisible();
  if (await page.getByRole("link", { name: "Candidatas 0" }).isHidden()) {
    await page.getByRole("link", { name: /^Candidatas/ }).click();
    await expect(page).toHaveURL(/view=candidate/);
    for (const box of await page.getByRole("table").getByRole("checkbox").all()) await box.check();
    await page.getByLabel("Motivo").fill("Não são do titular");
    await page.getByRole("button", { name: "Excluir as marcadas" }).click();
  }
  await expect(page.getByRole("link", { name: "Candidatas 0" })).toBeVisible();
  await confirm(page, "Iniciar análise");
  await expect(page.getByText("Análise iniciada.", { exact: true })).toBeVisible();
  await page.goto(`${address}/decisions`);
  return address;
}

test("the DPO decides, the portal does it, and the letter answers", async ({ page, signInAs }) => {
  await signInAs("dpo");
  const address = await analysed(page);
  await expect(page.getByRole("table", { name: "Decisões" })).toContainText("Sem decisão");
  await expect(page.getByRole("button", { name: "Enviar a decisão" })).toBeHidden();
  await expectNoViolations(page, "what is to be decided");
  await page.getByLabel("Medida").selectOption("Não entregar");
  await page.getByRole("button", { name: "Decidir todas sem decisão" }).click();
  await expect(page.locator("#ground-error")).toBeVisible();
  await page.getByLabel("Medida").selectOption("Entregar");
  await page.getByLabel("Áudio", { exact: true }).selectOption("Só os dados, sem áudio");
  await page.getByRole("button", { name: "Decidir todas sem decisão" }).click();
  await expect(page.getByText("Sem decisão", { exact: true })).toBeHidden();
  await confirm(page, "Enviar a decisão");
  await expect(page.getByText("Decisão enviada.", { exact: true })).toBeVisible();
  await page.goto(address);
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Podem ser respondidos agora: Portabilidade.")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await confirm(page, "Emitir a carta");
  await expect(page.getByRole("heading", { name: /^Carta \d{15}-R1/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /Portabilidade/ })).toContainText("Respondida");
  await expectNoViolations(page, "an answered request");
  for (const [link, start] of [
    ["Carta (PDF)", "%PDF-"],
    ["Pacote (ZIP)", "PK"],
  ] as const) {
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: link }).click();
    const content = await readFile(await (await download).path());
    expect(content.subarray(0, start.length).toString("latin1")).toBe(start);
  }
});

test("audio waits for another person; the page says when there is nobody", async ({ page, signInAs }) => {
  await signInAs("dpo");
  const address = await analysed(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByLabel("Medida").selectOption("Entregar");
  await page.getByLabel("Áudio", { exact: true }).selectOption("Áudio inteiro");
  await page.getByRole("button", { name: "Decidir todas sem decisão" }).click();
  await expect(page.getByText("Sem decisão", { exact: true })).toBeHidden();
  await expectNoViolations(page, "decisions on a phone");
  await confirm(page, "Enviar a decisão");
  await expect(page.getByText("Decisão enviada.", { exact: true })).toBeVisible();
  await page.goto("/retention/approvals");
  const request = page.getByRole("listitem").filter({ hasText: "Requisição de titular" }).first();
  await expect(request).toContainText("Entregar: Áudio inteiro");
  await expect(request.getByRole("button", { name: "Aprovar" })).toBeHidden();
  await signInAs("auditor");
  await page.goto(`${address}/decisions`);
  await expect(page.getByRole("table", { name: "Decisões" })).toContainText("Áudio inteiro");
  await expect(page.getByRole("button", { name: "Decidir as marcadas" })).toBeHidden();
  await signInAs("supervisor");
  await page.goto(`${address}/decisions`);
  await expect(page.getByRole("table", { name: "Decisões" })).toBeHidden();
});
