import { expectNoViolations } from "./setup/axe";
import { fixture, uploadCall } from "./setup/calls";
import { expect, test, type Page } from "./setup/test";

const card = (page: Page) => page.getByRole("region", { name: "Possíveis dados de cartão" });
const handling = (page: Page) => page.getByRole("region", { name: "Aviso, conteúdo sensível e cartão" });

test("a supervisor quarantines a recording; the DPO finds it outside the list, and releases it", async ({
  page,
  signInAs,
  anotherBrowser,
  request,
}) => {
  // Noon in Brazil: before 03:00 the day of UTC is not the day of the list's filter.
  const startedAt = `${new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10)}T15:00:00.000Z`;
  const call = { unit: "suporte", startedAt, sourceCallId: `quarentena-${Date.now()}` };
  const id = await uploadCall(request, call, fixture("other-aac.m4a"), "audio/mp4");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  await handling(page).getByRole("button", { name: "Alterar" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Aviso de gravação reproduzido").selectOption("Sim");
  await dialog.getByLabel("Versão do aviso").fill("v3");
  await dialog.getByLabel("Dados de cartão").selectOption("Som mascarado");
  await expectNoViolations(page, "the form of a call's handling");
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await expect(handling(page)).toContainText("Sim (versão v3)");
  await handling(page).getByRole("button", { name: "Colocar em quarentena" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Colocar em quarentena" }).click();
  await expect(card(page)).toContainText("O encarregado decide");
  await expect(card(page).getByRole("button")).toHaveCount(0);
  await expect(page.getByText("não pode ser ouvida nem baixada")).toBeVisible();
  await expectNoViolations(page, "a quarantined recording for a supervisor");

  const dpo = await anotherBrowser("dpo");
  await dpo.goto(`/recordings?from=${startedAt.slice(0, 10)}&to=${startedAt.slice(0, 10)}`);
  await expect(dpo.locator(`tbody a[href="/recordings/${id}"]`)).toHaveCount(0);
  await dpo.getByRole("link", { name: "Ver as gravações em quarentena" }).click();
  await expect(dpo.locator(`tbody a[href="/recordings/${id}"]`)).toBeVisible();
  await expectNoViolations(dpo, "the list of quarantined recordings");
  await dpo.goto(`/recordings/${id}`);
  await card(dpo).getByRole("button", { name: "Liberar" }).click();
  await dpo.getByRole("dialog").getByLabel("Motivo").selectOption("A marcação foi um engano");
  await dpo.getByRole("dialog").getByRole("button", { name: "Liberar" }).click();
  await expect(card(dpo)).toHaveCount(0);
  await expect(dpo.getByRole("region", { name: "Histórico" })).toContainText("liberou a gravação da quarentena");
  await page.goto(`/recordings?from=${startedAt.slice(0, 10)}&to=${startedAt.slice(0, 10)}`);
  await expect(page.locator(`tbody a[href="/recordings/${id}"]`)).toBeVisible();
});
