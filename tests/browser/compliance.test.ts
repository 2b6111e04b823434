import { signInContext, signInOf, test, expect } from "./setup/test";

test("the DPO checks the controls, plans a gap, accepts its risk and withdraws that", async ({ page }) => {
  await signInContext(page.context(), signInOf("dpo"));
  await page.goto("/compliance");
  await page.getByRole("button", { name: "Verificar agora" }).click();
  await expect(page.getByText(/controles? não (é|são) atendidos?/).first()).toBeVisible();
  await page.getByLabel("Mostrar").selectOption("gap");
  await page.getByRole("button", { name: "Aplicar", exact: true }).click();
  await expect(page.getByText("Atendido", { exact: true })).toHaveCount(0);

  await page.getByRole("link", { name: "O portal é acessado por HTTPS" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("O portal é acessado por HTTPS");
  const plan = page.getByRole("region", { name: "Plano" });
  await plan.getByLabel("Responsável").selectOption({ index: 1 });
  await plan.getByRole("button", { name: "Salvar plano" }).click();
  await expect(plan.getByText("Preencha este campo.")).toBeVisible();
  await plan.getByLabel("Até").fill("2099-01-31");
  await plan.getByRole("button", { name: "Salvar plano" }).click();
  await expect(page.getByText("até 31/01/2099")).toBeVisible();

  const risk = page.getByRole("region", { name: "Aceitar o risco" });
  await risk.getByLabel("Motivo").fill("O proxy da empresa termina o TLS");
  await risk.getByLabel("Aceito até").fill("2099-01-31");
  await risk.getByRole("button", { name: "Aceitar o risco" }).click();
  await expect(risk.getByText("Informe uma data até um ano à frente.")).toBeVisible();
  await expect(risk.getByLabel("Motivo")).toHaveValue("O proxy da empresa termina o TLS");
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  await risk.getByLabel("Aceito até").fill(tomorrow);
  await risk.getByRole("button", { name: "Aceitar o risco" }).click();
  await expect(page.getByText("Risco aceito", { exact: true }).first()).toBeVisible();
  await risk.getByRole("button", { name: "Retirar a aceitação" }).click();
  await expect(page.getByText("Não atendido", { exact: true }).first()).toBeVisible();
});

test("the auditor sees the controls and changes nothing", async ({ page }) => {
  await signInContext(page.context(), signInOf("auditor"));
  await page.goto("/compliance/portal_by_https");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("O portal é acessado por HTTPS");
  await expect(page.getByRole("button", { name: "Salvar plano" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Aceitar o risco" })).toHaveCount(0);
});
