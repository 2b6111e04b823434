import { expectNoViolations } from "./setup/axe";
import { expect, test, type Page } from "./setup/test";

/** Fills the form of a letter that asks for one right, and returns the protocol that the portal gave it. */
async function register(page: Page, right: string): Promise<string> {
  await page.goto("/privacy-requests/new");
  await page.getByLabel("Canal", { exact: true }).selectOption("Carta");
  await page.getByLabel("Recebida em").fill("2024-03-10T09:30");
  await page.getByLabel("Nome do titular").fill("Maria Aparecida de Souza");
  await page.getByLabel(right).check();
  await page.getByLabel("Endereço da resposta").fill("maria@example.com");
  await page.getByRole("button", { name: "Registrar" }).click();
  await page.waitForURL(/\/privacy-requests\/[0-9a-f]{8}-/);
  return (await page.getByRole("heading", { level: 1 }).innerText()).replace(/^\D+/, "");
}

test("the DPO registers a letter, assigns and starts it, and finds it by its protocol", async ({ page, signInAs }) => {
  await signInAs("dpo");
  const protocol = await register(page, "Portabilidade");
  await expect(page.getByRole("row", { name: /Portabilidade/ })).toContainText("25/03/2024");
  await expect(page.getByRole("row", { name: /Portabilidade/ })).toContainText("15 dias corridos");
  await page.getByRole("button", { name: "Atribuir" }).click();
  await page.getByRole("dialog").getByLabel("Responsável").selectOption({ index: 1 });
  await page.getByRole("dialog").getByRole("button", { name: "Salvar" }).click();
  await expect(page.getByRole("list", { name: "Histórico" })).toContainText("Responsável alterado");
  await page.getByRole("button", { name: "Iniciar verificação" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Iniciar verificação" }).click();
  await expect(page.getByRole("row", { name: /Portabilidade/ })).toContainText("Em verificação de identidade");
  await expect(page.getByRole("button", { name: "Iniciar verificação" })).toBeHidden();
  await page.goto("/privacy-requests");
  await page.getByLabel("Protocolo").fill(protocol.replace(".", " "));
  await page.getByRole("button", { name: "Buscar" }).click();
  await expect(page.getByRole("link", { name: protocol })).toBeVisible();
  await expect(page.getByRole("row", { name: new RegExp(protocol) })).toContainText("Em atraso");
});

test("a withdrawn request leaves the queue, and a reopened right comes back", async ({ page, signInAs }) => {
  await signInAs("dpo");
  const protocol = await register(page, "Oposição");
  await page.getByRole("button", { name: "Outra etapa" }).click();
  await page.getByRole("dialog").getByLabel("Etapa").selectOption("Registrar cancelamento pelo titular");
  await page.getByLabel("Como o titular pediu o cancelamento").fill("Por telefone");
  await page.getByRole("dialog").getByRole("button", { name: "Registrar" }).click();
  await expect(page.getByRole("row", { name: /Oposição/ })).toContainText("Cancelada pelo titular");
  const address = page.url();
  await page.goto("/privacy-requests?channel=letter&right=objection");
  await expect(page.getByRole("link", { name: protocol })).toBeHidden();
  await page.goto("/privacy-requests?view=ended");
  await expect(page.getByRole("link", { name: protocol })).toBeVisible();
  await page.goto(address);
  await page.getByRole("button", { name: "Reabrir: Oposição" }).click();
  await page.getByLabel("Motivo da reabertura").fill("Cancelada por engano");
  await page.getByRole("dialog").getByRole("button", { name: "Reabrir" }).click();
  await expect(page.getByRole("row", { name: /Oposição/ })).toContainText("Reaberta");
});

test("a form with mistakes says each beside its field, on a phone, and keeps what was typed", async ({
  page,
  signInAs,
}) => {
  await signInAs("dpo");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/privacy-requests/new");
  await page.getByLabel("Canal", { exact: true }).selectOption("Ordem da ANPD");
  await page.getByLabel("Recebida em").fill("2020-01-01T00:00");
  await page.getByLabel("Palavras do titular").fill("Eliminem as minhas chamadas.");
  await page.getByLabel("Telefones usados nas chamadas").fill(`(11) 98765-4321\n${"1".repeat(300)}`);
  await page.getByRole("button", { name: "Registrar" }).click();
  await expect(page.getByText("Escolha ao menos um direito.")).toBeVisible();
  await expect(page.locator("#numbers-error")).toHaveText("O texto é longo demais.");
  await expect(page.locator("#authorityReference-error")).toHaveText("Preencha este campo.");
  await expect(page.locator("#answerAddress-error")).toHaveText("Preencha este campo.");
  await expectNoViolations(page, "the form with mistakes");
  await page.getByLabel("Eliminação de dados tratados com consentimento").check();
  await page.getByLabel("Telefones usados nas chamadas").fill("(11) 98765-4321");
  await page.getByLabel("Endereço da resposta").fill("Rua A, 1");
  await page.getByLabel("Número do processo na autoridade").fill("00261.000123/2026-45");
  await page.getByRole("button", { name: "Registrar" }).click();
  await expect(page.getByText("Informe um horário que já passou")).toBeVisible();
  await expect(page.getByLabel("Palavras do titular")).toHaveValue("Eliminem as minhas chamadas.");
});

test("an auditor reads a request without names, and is offered no step", async ({ page, signInAs }) => {
  await signInAs("dpo");
  await register(page, "Correção");
  const address = page.url();
  await signInAs("auditor");
  await page.goto("/privacy-requests");
  await expect(page.getByRole("link", { name: "Registrar requisição" })).toBeHidden();
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("Maria")).toBeHidden();
  for (const name of ["Atribuir", "Iniciar verificação", "Outra etapa", "Confirmar identidade"])
    await expect(page.getByRole("button", { name })).toBeHidden();
});

test("a form that its reader leaves and comes back to is as it was left; one that was sent is gone", async ({
  page,
  signInAs,
}) => {
  await signInAs("dpo");
  await page.goto("/privacy-requests");
  await page.getByRole("link", { name: "Registrar requisição" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Registrar requisição" })).toBeVisible();
  await page.getByLabel("Canal", { exact: true }).selectOption("Procon");
  await page.getByLabel("Número do processo na autoridade").fill("00261.000123");
  await page.getByLabel("Requerente", { exact: true }).selectOption("Herdeiro");
  await page.getByLabel("Nome do requerente").fill("Ana");
  await page.getByLabel("Telefones usados nas chamadas").fill("(11) 98765-4321\n(11) 3456-7890");
  await page.getByLabel("Portabilidade").check();
  await page.getByLabel("Canal da resposta").selectOption("Balcão");
  await page.getByRole("navigation").getByRole("link", { name: "Gravações" }).first().click();
  await expect(page).toHaveURL(/\/recordings/);
  await page.goBack();
  await expect(page.getByLabel("Número do processo na autoridade")).toHaveValue("00261.000123");
  await expect(page.getByLabel("Nome do requerente")).toHaveValue("Ana");
  await expect(page.getByLabel("Telefones usados nas chamadas")).toHaveValue("(11) 98765-4321\n(11) 3456-7890");
  await expect(page.getByLabel("Portabilidade")).toBeChecked();
  await expect(page.getByLabel("Endereço da resposta")).toBeHidden();
  await page.getByRole("button", { name: "Registrar" }).click();
  await page.waitForURL(/\/privacy-requests\/[0-9a-f]{8}-/);
  await page.goBack();
  await expect(page).not.toHaveURL(/\/new$/);
  await page.goto("/privacy-requests/new");
  await expect(page.getByLabel("Telefones usados nas chamadas")).toHaveValue("");
});

test("a double click registers one request", async ({ page, signInAs }) => {
  await signInAs("dpo");
  await page.goto("/privacy-requests/new");
  await page.getByLabel("Canal", { exact: true }).selectOption("Carta");
  await page.getByLabel("Recebida em").fill("2021-03-10T09:30");
  await page.getByLabel("Nome do titular").fill("Beatriz Clique Duplo");
  await page.getByLabel("Portabilidade").check();
  await page.getByLabel("Endereço da resposta").fill("beatriz@example.com");
  await page.getByRole("button", { name: "Registrar" }).dblclick();
  await page.waitForURL(/\/privacy-requests\/[0-9a-f]{8}-/);
  await page.goto("/privacy-requests?channel=letter&right=portability");
  await expect(page.getByRole("row", { name: /Beatriz Clique Duplo/ })).toHaveCount(1);
});

test("a supervisor and an administrator have no entry in the navigation", async ({ page, signInAs }) => {
  for (const role of ["supervisor", "admin"] as const) {
    await signInAs(role);
    await page.goto("/recordings");
    await expect(page.getByRole("link", { name: "Requisições de titulares" })).toBeHidden();
  }
});
