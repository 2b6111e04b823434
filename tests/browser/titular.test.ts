import { expectNoViolations } from "./setup/axe";
import { expect, test, type Page } from "./setup/test";

const phone = { width: 390, height: 844 };
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

const putOnTheme = (page: Page, theme: "light" | "dark") =>
  page.evaluate((name) => {
    document.documentElement.classList.remove("light", "dark");
    document.documentElement.classList.add(name);
  }, theme);

async function expectGood(page: Page, what: string): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await putOnTheme(page, theme);
    await expectNoViolations(page, `${what}, ${theme}`);
  }
  expect(await fits(page), `${what} is as wide as the screen`).toBe(true);
}

/** Fills what every request needs. */
async function fill(page: Page, number: string): Promise<void> {
  await page.getByLabel("Confirmação da existência de tratamento").check();
  await page.getByLabel("Telefones usados nas chamadas").fill(number);
  await page.getByLabel("E-mail, telefone ou endereço para a resposta").fill("maria@example.com");
}

/** Protocol and code of a receipt. */
async function receiptOf(page: Page): Promise<[protocol: string, code: string]> {
  const receipt = page.getByRole("region", { name: "Requisição recebida" });
  await expect(receipt).toBeVisible();
  const [protocol, code] = await receipt.locator("dd").allInnerTexts();
  expect(protocol).toMatch(/^\d{8}\.\d{6}-\d$/);
  expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/);
  return [protocol!, code!];
}

test("the page says why, how long, which rights and who answers, without a sign-in", async ({ page }) => {
  await page.setViewportSize(phone);
  await page.goto("/titular");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Chamadas gravadas: seus direitos");
  await expect(page.getByRole("region", { name: /O que é gravado/ })).toContainText("a contar da chamada");
  await expect(page.getByRole("region", { name: "Seus direitos" })).toContainText("Portabilidade");
  await expect(page.getByRole("region", { name: "Quem responde" })).toContainText("Encarregado");
  await expectGood(page, "the notice");
});

test("a person asks on a phone, by keyboard, follows the request and asks for a code", async ({ page }) => {
  await page.setViewportSize(phone);
  await page.goto("/titular/requisicao");
  await expectGood(page, "the form");
  await page.getByLabel("Algo mais, com suas palavras").fill("Quero ouvir a chamada de ontem.");
  await page.getByLabel("Telefones usados nas chamadas").fill("perdi o número");
  await page.getByRole("button", { name: "Enviar" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Escolha ao menos um direito.")).toBeVisible();
  await expect(page.getByText("Informe o telefone com DDD")).toBeVisible();
  await expect(page.getByLabel("Algo mais, com suas palavras")).toHaveValue("Quero ouvir a chamada de ontem.");
  await expectGood(page, "the form with mistakes");
  await fill(page, "(11) 98111-0001");
  await page.getByLabel("E-mail, telefone ou endereço para a resposta").press("Enter");
  const [protocol, code] = await receiptOf(page);
  expect(page.url()).not.toMatch(/protocol|code|\?/);
  await expectGood(page, "the receipt");

  await page.goto("/titular/acompanhamento");
  await page.getByRole("textbox", { name: "Protocolo" }).fill(protocol);
  await page.getByRole("textbox", { name: "Código de acompanhamento" }).fill("0000-0000-0000");
  await page.getByRole("button", { name: "Acompanhar" }).click();
  await expect(page.getByText("Protocolo e código não conferem")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Protocolo" })).toHaveValue(protocol);
  await page.getByRole("textbox", { name: "Código de acompanhamento" }).fill(code.toLowerCase());
  await page.getByRole("button", { name: "Acompanhar" }).click();
  await expect(page.getByRole("region", { name: `Requisição ${protocol}` })).toContainText("ainda não foi confirmado");
  await expectGood(page, "the request");
  await page.getByRole("button", { name: /^Receber SMS em \(11\)/ }).click();
  await expect(page.getByText("Um código foi enviado para (11) •••••-0001.")).toBeVisible();
  await page.getByRole("textbox", { name: "Código recebido" }).fill("12345");
  await page.getByRole("button", { name: "Confirmar" }).click();
  await expect(page.getByText("O código tem 6 números.")).toBeVisible();
  await expectGood(page, "the code");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the form posts, keeps what was typed after a mistake, and leads to the code", async ({ page }) => {
    await page.setViewportSize(phone);
    await page.goto("/titular/requisicao");
    await page.getByLabel("Algo mais, com suas palavras").fill("Sem JavaScript.");
    await page.getByRole("button", { name: "Enviar" }).click();
    await expect(page.getByText("Escolha ao menos um direito.")).toBeVisible();
    await expect(page.getByLabel("Algo mais, com suas palavras")).toHaveValue("Sem JavaScript.");
    await fill(page, "(11) 98111-0002");
    await page.getByRole("button", { name: "Enviar" }).click();
    const [protocol, code] = await receiptOf(page);
    await page.getByRole("button", { name: "Continuar" }).click();
    await expect(page.getByRole("region", { name: `Requisição ${protocol}` })).toBeVisible();
    await page.goto("/titular/acompanhamento");
    await page.getByRole("textbox", { name: "Protocolo" }).fill(protocol);
    await page.getByRole("textbox", { name: "Código de acompanhamento" }).fill(code);
    await page.getByRole("button", { name: "Acompanhar" }).click();
    await page.getByRole("button", { name: /^Receber e-mail em/ }).click();
    await page.getByRole("textbox", { name: "Código recebido" }).fill("abc");
    await page.getByRole("button", { name: "Confirmar" }).click();
    await expect(page.getByText("O código tem 6 números.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Código recebido" })).toHaveValue("abc");
  });
});
