import { readFile } from "node:fs/promises";
import { extractText, getDocumentProxy } from "unpdf";
import { expectNoViolations } from "./setup/axe";
import { longCall, oneSide, uploadCall } from "./setup/calls";
import { addSubstitute, ageCodes, expireUploadLinks } from "./setup/database";
import { keyboard, pointer, type Hands } from "./setup/hands";
import { codeBySms } from "./setup/mailbox";
import { expect, signInOf, test, type Page } from "./setup/test";

// Each goes through a dozen pages; only a hanging test takes so long, also on a slow machine.
test.describe.configure({ timeout: 300_000 });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A person at a phone, or the DPO at the desk: a page, and how they work it. */
type Person = { page: Page; hands: Hands };

/** What the person keeps of the request. */
type Receipt = { number: string; protocol: string; code: string; oneTimeCode: string };

/** A mobile number that no other call has. */
const someNumber = () => `(11) 96${String(Math.floor(Math.random() * 1000)).padStart(3, "0")}-${digits()}`;
const digits = () => String(Math.floor(Math.random() * 10_000)).padStart(4, "0");

const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

async function expectGood(page: Page, what: string): Promise<void> {
  await expectNoViolations(page, what);
  expect(await fits(page), `${what} is as wide as the screen`).toBe(true);
}

/** The form of the public page, from its notice to the receipt. */
async function asks({ page, hands }: Person, number: string, rights: readonly string[]): Promise<[string, string]> {
  await page.goto("/titular");
  await hands.press(page.getByRole("link", { name: "Fazer uma requisição" }).first());
  await page.waitForURL("**/titular/requisicao");
  for (const right of rights) await hands.check(page.getByLabel(right));
  await hands.fill(page.getByLabel("Nome do titular"), "Maria Aparecida de Souza");
  await hands.fill(page.getByLabel("Telefones usados nas chamadas"), number);
  await hands.choose(page.getByLabel("Como quer a resposta"), "Por e-mail");
  await hands.fill(page.getByLabel("E-mail, telefone ou endereço para a resposta"), "maria@example.com");
  await hands.press(page.getByRole("button", { name: "Enviar" }));
  const receipt = page.getByRole("region", { name: "Requisição recebida" });
  await expect(receipt).toBeVisible();
  const [protocol, code] = await receipt.locator("dd").allInnerTexts();
  return [protocol!, code!];
}

/** From the receipt on: the code that reaches the line. */
async function proves({ page, hands }: Person, number: string, before?: string): Promise<string> {
  await hands.press(page.getByRole("button", { name: /^Receber SMS em \(11\)/ }));
  await expect(page.getByLabel("Código recebido")).toBeVisible();
  const oneTimeCode = await codeBySms(number, before);
  await hands.fill(page.getByLabel("Código recebido"), oneTimeCode);
  await hands.press(page.getByRole("button", { name: "Confirmar" }));
  await expect(page.getByText(/^Confirmado\./)).toBeVisible();
  return oneTimeCode;
}

async function requests(who: Person, number: string, rights: readonly string[]): Promise<Receipt> {
  const [protocol, code] = await asks(who, number, rights);
  await who.hands.press(who.page.getByRole("button", { name: "Continuar" }));
  await expect(who.page.getByText("ainda não foi confirmado")).toBeVisible();
  return { number, protocol, code, oneTimeCode: await proves(who, number) };
}

/** The answer on the public page, by protocol, code and a fresh code. */
async function opensAnswer(who: Person, { number, protocol, code, oneTimeCode }: Receipt): Promise<void> {
  const { page, hands } = who;
  await ageCodes(protocol);
  await page.goto("/titular/acompanhamento");
  await hands.fill(page.getByRole("textbox", { name: "Protocolo" }), protocol);
  await hands.fill(page.getByRole("textbox", { name: "Código de acompanhamento" }), code);
  await hands.press(page.getByRole("button", { name: "Acompanhar" }));
  await expect(page.getByText(/está pronta e pode ser retirada até/)).toBeVisible();
  await proves(who, number, oneTimeCode);
}

async function downloads({ page, hands }: Person, name: string): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await hands.press(page.getByRole("button", { name }));
  return readFile(await (await download).path());
}

/** What the letter that the person collects says, as one line. */
async function letterOf(who: Person): Promise<string> {
  const pdf = await getDocumentProxy(new Uint8Array(await downloads(who, "Baixar a carta (PDF)")));
  return (await extractText(pdf, { mergePages: true })).text.replaceAll(/\s+/g, " ");
}

/** The page of a request, found by its protocol. */
async function opensRequest({ page, hands }: Person, protocol: string): Promise<string> {
  await page.goto("/privacy-requests");
  await hands.fill(page.getByLabel("Protocolo"), protocol);
  await hands.press(page.getByRole("button", { name: "Buscar" }));
  await hands.press(page.getByRole("link", { name: protocol }));
  await page.waitForURL(/\/privacy-requests\/[0-9a-f]{8}-/);
  return page.url();
}

async function confirms({ page, hands }: Person, name: string): Promise<void> {
  await hands.press(page.getByRole("button", { name, exact: true }));
  await hands.press(page.getByRole("alertdialog").getByRole("button", { name, exact: true }));
  await expect(page.getByRole("alertdialog")).toBeHidden();
}

/** The desk, from the identity to the analysis; the page of the decisions. */
async function analyses(who: Person, address: string): Promise<void> {
  const { page, hands } = who;
  await confirms(who, "Iniciar verificação");
  await hands.press(page.getByRole("button", { name: "Confirmar identidade" }));
  const dialog = page.getByRole("dialog");
  await hands.choose(dialog.getByLabel("Forma de verificação"), "Código e dados da chamada");
  await hands.fill(dialog.getByLabel("O que foi conferido"), "Dia e assunto da chamada");
  await hands.press(dialog.getByRole("button", { name: "Confirmar" }));
  await expect(dialog).toBeHidden();
  await hands.press(page.getByRole("main").getByRole("link", { name: "Gravações" }));
  await hands.press(page.getByRole("button", { name: "Pesquisar" }));
  await hands.press(page.getByRole("button", { name: "Incluir todas" }));
  await hands.fill(page.getByRole("dialog").getByLabel("Motivo"), "Linha do titular");
  await hands.press(page.getByRole("dialog").getByRole("button", { name: "Incluir todas" }));
  await expect(page.getByRole("link", { name: "A decidir 0" })).toBeVisible();
  await confirms(who, "Iniciar análise");
  await expect(page.getByText("Análise iniciada.", { exact: true })).toBeVisible();
  await page.goto(`${address}/decisions`);
}

const tab = (page: Page, right: string) =>
  page.getByRole("navigation", { name: "Direitos da requisição" }).getByRole("link", { name: right });

/** One right with recordings: measure, and what belongs to it. */
async function decides(who: Person, right: string, fill: () => Promise<void>): Promise<void> {
  const { page, hands } = who;
  await hands.press(tab(page, right));
  await expect(tab(page, right)).toHaveAttribute("aria-current", "page");
  await fill();
  await hands.press(page.getByRole("button", { name: "Decidir todas sem decisão" }));
  await expect(page.getByText("Sem decisão", { exact: true })).toBeHidden();
  await sends(who);
}

async function sends(who: Person): Promise<void> {
  await confirms(who, "Enviar a decisão");
  await expect(who.page.getByText("Decisão enviada.", { exact: true }).first()).toBeVisible();
}

/** Another person approves all that waits of a request. */
async function approves(page: Page, protocol: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    await page.goto("/retention/approvals");
    const waiting = page.getByRole("listitem").filter({ hasText: protocol.replaceAll(/\D/g, "") });
    const pending = waiting.filter({ has: page.getByRole("button", { name: "Aprovar" }) });
    await expect(pending).toHaveCount(left);
    await pending.first().getByRole("button", { name: "Aprovar" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByLabel("Motivo da decisão").fill("Conferi o pedido");
    await dialog.getByRole("button", { name: "Aprovar" }).click();
    await expect(pending).toHaveCount(left - 1);
  }
}

/** The letter, once all rights can be answered. */
async function answers(who: Person, address: string, rights: readonly string[]): Promise<void> {
  const { page } = who;
  await page.goto(address);
  await expect(async () => {
    await page.reload();
    const ready = page.getByText("Podem ser respondidos agora:");
    for (const right of rights) await expect(ready).toContainText(right, { timeout: 1_000 });
  }).toPass();
  await confirms(who, "Emitir a carta");
  await expect(page.getByRole("heading", { name: /^Carta \d{15}-R1/ })).toBeVisible();
}

test("confirmation and simplified access: a person with nothing but a keyboard, on a phone", async ({
  page,
  signInAs,
  anotherBrowser,
  request,
}) => {
  const number = someNumber();
  const rights = ["Confirmação da existência de tratamento", "Acesso simplificado"];
  await uploadCall(request, { unit: "vendas", customerNumber: number }, oneSide(longCall(2), 0));
  const their = await anotherBrowser(undefined, phone);
  const person = { page: their, hands: keyboard(their) };
  const receipt = await requests(person, number, rights);
  await expectGood(their, "a request whose line is proved");

  await signInAs("dpo");
  const desk = { page, hands: pointer };
  const address = await opensRequest(desk, receipt.protocol);
  await analyses(desk, address);
  await tab(page, rights[0]!).click();
  await expect(page.getByLabel("Texto para a carta")).toHaveValue(/localizamos 1 gravação de chamada/);
  await expectNoViolations(page, "a suggested text");
  await page.getByRole("button", { name: "Salvar a resposta" }).click();
  await sends(desk);
  await decides(desk, rights[1]!, () => desk.hands.choose(page.getByLabel("Medida"), "Entregar"));
  await answers(desk, address, rights);

  await opensAnswer(person, receipt);
  await expectGood(their, "an answer that can be collected");
  const text = await letterOf(person);
  for (const part of [
    receipt.protocol,
    "Sim, tratamos dados pessoais seus",
    "Encontramos 1 gravação, de",
    "Entregamos",
  ])
    expect(text).toContain(part);
  expect((await downloads(person, "Baixar o pacote com os dados (ZIP)")).toString()).toContain("chamadas.csv");
});

test("full declaration with audio, and the recording of the SAC: another person approves what is heard", async ({
  page,
  signInAs,
  anotherBrowser,
  request,
}) => {
  const number = someNumber();
  const rights = ["Declaração completa", "Gravação do SAC"];
  await uploadCall(request, { unit: "suporte", customerNumber: number }, oneSide(longCall(2), 0));
  const person = { page: await anotherBrowser(undefined, phone), hands: pointer };
  const receipt = await requests(person, number, rights);

  await signInAs("dpo");
  const desk = { page, hands: pointer };
  const address = await opensRequest(desk, receipt.protocol);
  const { email, password } = signInOf("dpo");
  const substitute = await anotherBrowser({ email: await addSubstitute(email), password });
  await analyses(desk, address);
  await expect(page.getByText(/Podem aprovar .*Sílvia Substituta/)).toBeVisible();
  for (const right of rights)
    await decides(desk, right, async () => {
      await page.getByLabel("Medida").selectOption("Entregar");
      await page.getByLabel("Áudio", { exact: true }).selectOption("Áudio inteiro");
    });
  await approves(substitute, receipt.protocol, rights.length);
  await answers(desk, address, rights);

  await opensAnswer(person, receipt);
  const text = await letterOf(person);
  for (const part of ["Origem: as próprias chamadas", "o áudio inteiro", "Decreto 11.034/2022, art. 12, § 4º"])
    expect(text).toContain(part);
  const zip = (await downloads(person, "Baixar o pacote com os dados (ZIP)")).toString("latin1");
  expect(zip.startsWith("PK")).toBe(true);
  expect(zip).toMatch(/gravacoes\/[\d_-]+\.wav/);
});

test("history of the SAC: a person without JavaScript, and a DPO with nothing but a keyboard", async ({
  page,
  signInAs,
  anotherBrowser,
  request,
}) => {
  const number = someNumber();
  const right = "Histórico do SAC";
  await uploadCall(request, { unit: "suporte", customerNumber: number }, oneSide(longCall(2), 0));
  const person = { page: await anotherBrowser(undefined, { ...phone, javaScriptEnabled: false }), hands: pointer };
  const [protocol, code] = await asks(person, number, [right]);
  await signInAs("dpo");
  await page.goto("/privacy-requests?view=unproven");
  await expect(page.getByRole("link", { name: protocol })).toBeVisible();
  await person.page.getByRole("button", { name: "Continuar" }).click();
  const receipt = { number, protocol, code, oneTimeCode: await proves(person, number) };
  await page.reload();
  await expect(page.getByRole("link", { name: protocol })).toBeHidden();

  const desk = { page, hands: keyboard(page) };
  const address = await opensRequest(desk, protocol);
  await analyses(desk, address);
  await decides(desk, right, () => desk.hands.choose(page.getByLabel("Medida"), "Entregar"));
  await answers(desk, address, [right]);

  await opensAnswer(person, receipt);
  expect(await letterOf(person)).toContain("Decreto 11.034/2022, art. 12, § 2º");
  expect((await downloads(person, "Baixar o pacote com os dados (ZIP)")).toString()).toContain("chamadas.csv");
});

test("correction, deletion and withdrawn consent: what is corrected, deleted and used no more", async ({
  page,
  signInAs,
  anotherBrowser,
  request,
}) => {
  const number = someNumber();
  const rights = ["Correção", "Eliminação de dados tratados com consentimento", "Revogação do consentimento"];
  const recording = await uploadCall(request, { unit: "vendas", customerNumber: number }, oneSide(longCall(2), 0));
  const person = { page: await anotherBrowser(undefined, phone), hands: pointer };
  const receipt = await requests(person, number, rights);

  await signInAs("dpo");
  const desk = { page, hands: pointer };
  const address = await opensRequest(desk, receipt.protocol);
  const { email, password } = signInOf("dpo");
  const substitute = await anotherBrowser({ email: await addSubstitute(email), password });
  await analyses(desk, address);
  await page.goto(`/recordings/${recording}`);
  const correction = page.getByRole("form", { name: "Corrigir o número do cliente" });
  await correction.getByLabel("Número, com DDD").fill(someNumber());
  await correction.getByRole("button", { name: "Corrigir" }).click();
  await expect(page.getByText("Número corrigido.", { exact: true })).toBeVisible();
  await page.goto(`${address}/decisions`);
  await decides(desk, rights[0]!, async () => {
    await page.getByLabel("Medida").selectOption("Corrigir");
    await page.getByLabel("O que foi corrigido").fill("Telefone: o número errado pelo certo.");
    await expectNoViolations(page, "the decision on a correction");
  });
  await decides(desk, rights[2]!, async () => void (await page.getByLabel("Medida").selectOption("Bloquear")));
  await decides(desk, rights[1]!, async () => void (await page.getByLabel("Medida").selectOption("Eliminar")));
  // While an upload link is valid nothing of its recording is deleted.
  await expireUploadLinks();
  await approves(substitute, receipt.protocol, 1);
  await answers(desk, address, rights);

  await opensAnswer(person, receipt);
  const text = await letterOf(person);
  for (const part of ["Dados corrigidos em", "o número errado pelo certo", "Bloqueada em", "Eliminada em"])
    expect(text).toContain(part);
  const certificate = await downloads(person, "Baixar o certificado de eliminação (PDF)");
  expect(certificate.subarray(0, 5).toString()).toBe("%PDF-");
  await page.goto(`/recordings/${recording}`);
  await expect(page.getByText("Eliminada", { exact: true }).first()).toBeVisible();
});

test("a request taken by hand: the page says which step comes first, and the desk issues a code", async ({
  page,
  signInAs,
  anotherBrowser,
}) => {
  await signInAs("dpo");
  await page.goto("/privacy-requests/new");
  await page.getByLabel("Canal", { exact: true }).selectOption("Telefone");
  await page.getByLabel("Nome do titular").fill("Pedro por Telefone");
  await page.getByLabel("Portabilidade").check();
  await page.getByLabel("Canal da resposta").selectOption("Balcão");
  await page.getByRole("button", { name: "Registrar" }).click();
  await page.waitForURL(/\/privacy-requests\/[0-9a-f]{8}-/);
  const address = page.url();
  const protocol = (await page.getByRole("heading", { level: 1 }).innerText()).replace(/^\D+/, "");
  await page.goto(`${address}/decisions`);
  await expect(page.getByRole("note").first()).toContainText("primeiro inicie a verificação de identidade");
  await expectNoViolations(page, "decisions before the analysis");
  await page.goto(address);
  await confirms({ page, hands: pointer }, "Gerar código de acompanhamento");
  await expect(page.getByText("Informe este código à pessoa agora.")).toBeVisible();
  await expectNoViolations(page, "a code of the desk");
  const issued = page.getByLabel("Código de acompanhamento");
  const code = await issued.inputValue();
  await page.reload();
  await expect(issued).toBeHidden();

  const their = await anotherBrowser(undefined, phone);
  await their.goto("/titular/acompanhamento");
  await their.getByRole("textbox", { name: "Protocolo" }).fill(protocol);
  await their.getByRole("textbox", { name: "Código de acompanhamento" }).fill(code);
  await their.getByRole("button", { name: "Acompanhar" }).click();
  const own = their.getByRole("region", { name: `Requisição ${protocol}` });
  await expect(own).toContainText("Portabilidade");
  await expect(own).not.toContainText("confirmado");
  await expectGood(their, "a request without a line to prove");
});
