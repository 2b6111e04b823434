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

/** A PDF as far as the portal looks, and a file that is none. */
const mandate = {
  name: "procuração de maria.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.from("%PDF-1.7\n%%EOF"),
};
const picture = { name: "procuração.jpg", mimeType: "image/jpeg", buffer: Buffer.from("89504e470d0a1a0a", "hex") };

/** Asks for somebody else. */
async function askAsAttorney(page: Page, number: string): Promise<void> {
  await page.getByLabel("Quem pede").selectOption("Procurador");
  await page.getByLabel("Seu nome, se pede por outra pessoa").fill("João Procurador");
  await fill(page, number);
  await page.getByRole("button", { name: "Enviar" }).click();
}

test("who asks for another person attaches the mandate, and the DPO downloads it", async ({ page, signInAs }) => {
  await page.setViewportSize(phone);
  await page.goto("/titular/requisicao");
  await askAsAttorney(page, "(11) 98111-0003");
  const [protocol] = await receiptOf(page);
  await page.getByRole("button", { name: "Continuar" }).click();
  const documents = page.getByRole("region", { name: "Documento de representação" });
  await documents.getByRole("button", { name: "Anexar" }).click();
  await expect(documents.getByText("Escolha um arquivo.")).toBeVisible();
  await documents.getByLabel("Arquivo").setInputFiles(picture);
  await documents.getByRole("button", { name: "Anexar" }).click();
  await expect(documents.getByText("O arquivo não é PDF nem JPEG.")).toBeVisible();
  await expectGood(page, "a document that was refused");
  await documents.getByLabel("Arquivo").setInputFiles(mandate);
  await documents.getByRole("button", { name: "Anexar" }).press("Enter");
  await expect(documents.getByText("Documento recebido.")).toBeVisible();
  await expect(documents.getByRole("listitem")).toContainText("PDF");
  await expectGood(page, "a document that was received");

  await signInAs("dpo");
  await page.goto(`/privacy-requests?view=unproven&protocol=${protocol}`);
  await page.getByRole("link", { name: protocol }).click();
  const attached = page.getByRole("region", { name: "Documentos de representação" });
  const download = page.waitForEvent("download");
  await attached.getByRole("link", { name: "Baixar" }).click();
  expect((await download).suggestedFilename()).toMatch(/^custodia-\d{15}-[0-9a-f]{6}\.pdf$/);
  await page.reload();
  await expect(page.getByText("Documento de representação baixado pela equipe")).toBeVisible();
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

  test("a mandate is attached, or refused in words, without the code in an address", async ({ page }) => {
    await page.setViewportSize(phone);
    await page.goto("/titular/requisicao");
    await askAsAttorney(page, "(11) 98111-0004");
    const [protocol, code] = await receiptOf(page);
    await page.getByRole("button", { name: "Continuar" }).click();
    await page.getByLabel("Arquivo").setInputFiles(mandate);
    await page.getByRole("button", { name: "Anexar" }).click();
    await expect(page.getByText("Documento recebido.")).toBeVisible();
    await page.getByRole("textbox", { name: "Protocolo" }).fill(protocol);
    await page.getByRole("textbox", { name: "Código de acompanhamento" }).fill(code);
    await page.getByRole("button", { name: "Acompanhar" }).click();
    await expect(page.getByRole("region", { name: "Documento de representação" }).getByRole("listitem")).toHaveCount(1);
    await page.getByLabel("Arquivo").setInputFiles(picture);
    await page.getByRole("button", { name: "Anexar" }).click();
    await expect(page.getByText("O arquivo não é PDF nem JPEG e não foi salvo.")).toBeVisible();
    expect(new URL(page.url()).search).toBe("?mandate=not_pdf_or_jpeg");
  });
});
