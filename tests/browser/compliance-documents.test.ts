import { expectNoViolations } from "./setup/axe";
import { expect, signInContext, signInOf, test } from "./setup/test";

test("the DPO saves the register, and a change of a text is a new version", async ({ page }) => {
  await signInContext(page.context(), signInOf("dpo"));
  await page.goto("/compliance");
  await page.getByRole("link", { name: "Registro das operações de tratamento" }).click();
  const texts = page.getByRole("region", { name: "O que só as pessoas sabem" });
  await texts.getByLabel("Observações").fill(`Revisto em ${Date.now()}`);
  await texts.getByRole("button", { name: "Salvar versão" }).click();
  await expect(page.getByText("Versão salva.").first()).toBeVisible();
  await expect(page.getByText("A configuração atual é a da última versão.")).toBeVisible();
  await expect(texts.getByText(/^Escrito por/)).toHaveCount(1);
  await expectNoViolations(page, "register");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "PDF" }).click();
  expect((await download).suggestedFilename()).toMatch(/^custodia-ROT-v\d+\.pdf$/);
});

test("a draft is adopted once it is complete", async ({ page }) => {
  await signInContext(page.context(), signInOf("dpo"));
  await page.goto("/compliance/documents/impact");
  const texts = page.getByRole("region", { name: "O que só as pessoas sabem" });
  for (const field of await texts.locator("textarea").all()) await field.fill(`Texto de ${Date.now()}`);
  await texts.getByRole("button", { name: "Salvar versão" }).click();
  await expect(page.getByText("Minuta", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Adotar" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Adotar" }).click();
  await expect(page.getByText(/^Adotado em/)).toBeVisible();
});

test("a designation is recorded; the list of them needs no JavaScript", async ({ page, browser }) => {
  await signInContext(page.context(), signInOf("dpo"));
  await page.goto("/compliance/terms");
  const form = page.getByRole("region", { name: "Registrar designação" });
  await form.getByLabel("Nome").fill("Maria da Conceição");
  await form.getByLabel("Ato formal").fill("Portaria 12/2026");
  await form.getByLabel("Assinado em").fill("2026-01-05");
  await form.getByLabel("No exercício desde").fill("2026-01-06");
  await form.getByRole("button", { name: "Registrar" }).click();
  await expect(page.getByText("Encarregado hoje: Maria da Conceição")).toBeVisible();
  await form.getByLabel("Nome").fill("Outra Pessoa");
  await form.getByLabel("Ato formal").fill("Portaria 13/2026");
  await form.getByLabel("Assinado em").fill("2026-01-05");
  await form.getByLabel("No exercício desde").fill("2026-02-01");
  await form.getByRole("button", { name: "Registrar" }).click();
  await expect(form.getByText(/Outra pessoa já tem esta função/)).toBeVisible();
  await expectNoViolations(page, "terms");
  const context = await browser.newContext({
    ...{ baseURL: process.env.PORTAL_URL!, locale: "pt-BR", javaScriptEnabled: false },
  });
  await signInContext(context, signInOf("auditor"));
  const read = await context.newPage();
  await read.goto("/compliance/terms");
  await expect(read.getByText("Encarregado hoje: Maria da Conceição")).toBeVisible();
  await context.close();
});

test("the auditor reads, takes the documentation and writes nothing", async ({ page }) => {
  await signInContext(page.context(), signInOf("auditor"));
  await page.goto("/compliance");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Documentação para auditoria" }).click();
  expect((await download).suggestedFilename()).toMatch(/^custodia-AUD-\d{8}-\d{6}\.pdf$/);
  for (const path of ["/compliance/documents/balancing", "/compliance/terms"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("button", { name: /^(Salvar versão|Registrar|Adotar)$/ })).toHaveCount(0);
    await expectNoViolations(page, path);
  }
});
