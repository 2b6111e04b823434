import { randomUUID } from "node:crypto";
import { expect, test } from "./setup/test";

/** A kind of call that no recording has, so that a policy for it changes no date. */
const unusedKind = () => `k${randomUUID().slice(0, 8)}`;

test("a policy is saved with the fields that were previewed; going back keeps what was typed", async ({
  page,
  signInAs,
}) => {
  const callKind = unusedKind();
  const name = `Política ${callKind}`;
  await signInAs("admin");
  await page.goto("/retention/policies/new?preset=civil_reparation");
  await page.getByLabel("Nome").fill(name);
  await page.getByLabel("Unidade ou fila").selectOption({ label: "Todas as unidades" });
  await page.getByLabel("Tipo de chamada").fill(callKind);
  await page.getByLabel("Justificativa").fill("Prova em ações de reparação");
  await page.getByLabel("Revisar até").fill("2099-01-31");
  await page.getByLabel("Motivo da mudança").fill("Teste da política");
  await page.getByRole("button", { name: "Ver o efeito" }).click();
  await expect(page.getByRole("heading", { name: `Efeito da mudança em ${name}` })).toBeFocused();
  await page.getByRole("button", { name: "Voltar e corrigir" }).click();
  await expect(page.getByLabel("Nome")).toHaveValue(name);
  await page.getByRole("button", { name: "Ver o efeito" }).click();
  await page.getByRole("button", { name: "Confirmar e salvar" }).click();
  await expect(page).toHaveURL("/retention/policies");
  await expect(page.getByRole("link", { name })).toBeVisible();
});

test("ticked presets become policies after a preview of their effect; without one nothing is previewed", async ({
  page,
  signInAs,
}) => {
  const callKind = unusedKind();
  await signInAs("admin");
  await page.goto("/retention/policies/presets");
  await page.getByLabel("Revisar até").fill("2099-01-31");
  await page.getByLabel("Motivo da mudança").fill("Teste dos modelos");
  await page.getByRole("button", { name: "Ver o efeito" }).click();
  await expect(page.getByText("Escolha ao menos um modelo.")).toBeVisible();
  const preset = page.getByRole("listitem").filter({ hasText: "Prova trabalhista" });
  await preset.getByRole("checkbox").check();
  await preset.getByLabel("Tipo de chamada").fill(callKind);
  await page.getByRole("button", { name: "Ver o efeito" }).click();
  await expect(page.getByRole("heading", { name: "Efeito", exact: true })).toBeFocused();
  await page.getByRole("button", { name: "Criar políticas" }).click();
  await expect(page).toHaveURL("/retention/policies");
  await expect(page.getByText(`tipo de chamada “${callKind}”`)).toBeVisible();
});

test("a deletion order that selects nothing can be corrected, not given", async ({ page, signInAs }) => {
  await signInAs("admin");
  await page.goto("/retention/deletion-orders");
  await page.getByLabel("Chamadas anteriores a").fill("1900-01-02");
  await page.getByRole("button", { name: "Ver o efeito" }).click();
  await expect(page.getByRole("heading", { name: "Nada seria eliminado" })).toBeFocused();
  await expect(page.getByLabel("Justificativa")).toHaveCount(0);
  await page.getByRole("button", { name: "Voltar", exact: true }).click();
  await expect(page.getByLabel("Chamadas anteriores a")).toHaveValue("1900-01-02");
});
