import { expectNoViolations } from "./setup/axe";
import { expect, test } from "./setup/test";

const page = "/settings/messages?template=status_changed&channel=email&locale=en";

test("the DPO previews and saves a text, is told what is wrong with one, and returns to the standard text", async ({
  page: tab,
  signInAs,
}) => {
  await signInAs("dpo");
  await tab.goto(page);
  const body = tab.getByLabel("Texto", { exact: true });
  await body.fill("Request {protocol} of {name}");
  await tab.getByRole("button", { name: "Salvar" }).click();
  await expect(tab.getByText("O texto usa uma variável que este modelo não tem")).toBeVisible();
  await expect(body).toBeFocused();
  await body.fill("Request **{protocol}** at {controller}: {status}");
  await tab.getByRole("button", { name: "Pré-visualizar" }).click();
  const preview = tab.getByRole("status", { name: "Pré-visualização" });
  await expect(preview.locator("strong")).toHaveText("202603020000017");
  await expectNoViolations(tab, "a previewed text");
  await tab.getByRole("button", { name: "Salvar" }).click();
  await expect(tab.getByText(/^Texto da empresa, versão \d+$/)).toBeVisible();
  await tab.getByRole("button", { name: "Voltar ao texto padrão" }).click();
  await tab.getByRole("alertdialog").getByRole("button", { name: "Voltar ao texto padrão" }).click();
  await expect(tab.getByText("Texto padrão do portal, versão 1")).toBeVisible();
});

test("the auditor reads and previews texts, and cannot change them", async ({ page: tab, signInAs }) => {
  await signInAs("auditor");
  await tab.goto(page);
  await expect(tab.getByLabel("Texto", { exact: true })).toHaveAttribute("readonly");
  await tab.getByRole("button", { name: "Pré-visualizar" }).click();
  await expect(tab.getByRole("status", { name: "Pré-visualização" })).toBeVisible();
  await expect(tab.getByRole("button", { name: "Salvar" })).toHaveCount(0);
});
