import { announceCall, fixture } from "./setup/calls";
import { expect, signIns, test, type Page } from "./setup/test";

const cells = (page: Page, column: string) => page.locator(`tbody td[data-label="${column}"]`);
const distinct = (texts: string[]) => [...new Set(texts)].sort();
const start = (page: Page) => page.locator("tbody td[data-primary] time");

test("a supervisor sees the calls of their own units only @phone", async ({ page, signInAs, anotherBrowser }) => {
  await signInAs("supervisor");
  await page.goto("/recordings");
  await expect(cells(page, "Unidade").first()).toBeVisible();
  expect(distinct(await cells(page, "Unidade").allTextContents())).toEqual(["Cobrança", "Suporte"]);
  expect(await page.getByLabel("Unidade").locator("option").allTextContents()).toEqual([
    "Qualquer",
    "Cobrança",
    "Suporte",
  ]);
  await expect(
    cells(page, "Número")
      .filter({ hasText: /••••-\d{4}$/ })
      .first(),
  ).toBeVisible();
  await expect(cells(page, "Número").filter({ hasText: /\d{4}-\d{4}/ })).toHaveCount(0);

  const clinic = await anotherBrowser(signIns().filter(({ role }) => role === "supervisor")[1]);
  await clinic.goto("/recordings");
  await expect(cells(clinic, "Unidade").first()).toBeVisible();
  expect(distinct(await cells(clinic, "Unidade").allTextContents())).toEqual(["Clínica"]);
});

test("the DPO sees every unit and complete numbers", async ({ page, signInAs }) => {
  await signInAs("dpo");
  await page.goto("/recordings?sort=-duration");
  expect(distinct(await cells(page, "Unidade").allTextContents())).toEqual(
    expect.arrayContaining(["Clínica", "Cobrança", "Suporte", "Vendas"]),
  );
  await expect(
    cells(page, "Número")
      .filter({ hasText: /^\(\d\d\) 9?\d{4}-\d{4}$/ })
      .first(),
  ).toBeVisible();
  await expect(cells(page, "Número").filter({ hasText: "•" })).toHaveCount(0);
});

test("the address holds the filters; they survive a reload and can be removed one by one", async ({
  page,
  signInAs,
}) => {
  await signInAs("supervisor");
  await page.goto("/recordings");
  await page.getByText("Mais filtros").click();
  await page.getByRole("combobox", { name: "Direção" }).selectOption({ label: "Ativa" });
  await page.getByLabel("Duração mínima (s)").fill("5");
  await page.getByRole("button", { name: "Aplicar" }).click();
  await expect(page).toHaveURL(/direction=outbound/);
  await expect(page).toHaveURL(/minSeconds=5/);
  expect(page.url()).not.toMatch(/from=|unitId=/);
  await expect(cells(page, "Direção").filter({ hasNotText: "Ativa" })).toHaveCount(0);

  await page.reload();
  await expect(page.getByRole("combobox", { name: "Direção" })).toHaveValue("outbound");
  await page.getByRole("link", { name: "Remover filtro Direção: Ativa" }).click();
  await expect(page).not.toHaveURL(/direction=/);
  await expect(page).toHaveURL(/minSeconds=5/);
  await expect(cells(page, "Direção").filter({ hasText: "Receptiva" }).first()).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("combobox", { name: "Direção" })).toHaveValue("outbound");
});

test("an empty result is explained, and an invalid address still shows a list", async ({ page, signInAs }) => {
  await signInAs("supervisor");
  await page.goto("/recordings?minSeconds=86400");
  await expect(page.getByText("Nenhuma gravação com estes filtros")).toBeVisible();
  await page.goto("/recordings?from=ontem&unitId=%27--&sort=senha&minSeconds=muito");
  await expect(cells(page, "Unidade").first()).toBeVisible();
});

/** A call with several recordings is listed at the place of its longest, which its cell names after their sum. */
const sortedBy = (duration: string) => /[\d:]+\s*$/.exec(duration)![0].trim();

test("column headings sort the list", async ({ page, signInAs }) => {
  await signInAs("supervisor");
  await page.goto("/recordings?minSeconds=1");
  const heading = page.getByRole("columnheader", { name: "Duração" });
  const durations = async () => (await cells(page, "Duração").allTextContents()).map(sortedBy);
  await heading.getByRole("link").click();
  await expect(heading).toHaveAttribute("aria-sort", "descending");
  expect(await durations()).toEqual((await durations()).sort().reverse());
  await heading.getByRole("link").click();
  await expect(heading).toHaveAttribute("aria-sort", "ascending");
  expect(await durations()).toEqual((await durations()).sort());
});

test("pages through a long list and back", async ({ page, signInAs, request }) => {
  // A past day that only this test uses.
  const day = new Date(Date.UTC(2001, 0, 1) + Math.floor(Math.random() * 5000) * 86_400_000).toISOString().slice(0, 10);
  const audio = fixture("other-aac.m4a");
  const minutes = Array.from({ length: 55 }, (_, index) => `${day}T15:${String(index).padStart(2, "0")}:00Z`);
  for (let index = 0; index < minutes.length; index += 11) {
    await Promise.all(
      minutes
        .slice(index, index + 11)
        .map((startedAt) => announceCall(request, { unit: "vendas", startedAt }, audio, "audio/mp4")),
    );
  }
  await signInAs("dpo");
  await page.goto(`/recordings?from=${day}&to=${day}`);
  await expect(start(page)).toHaveCount(50);
  const first = await start(page).first().textContent();
  await page.getByRole("link", { name: "Mais antigos" }).click();
  await expect(start(page)).toHaveCount(5);
  await expect(page.getByRole("link", { name: "Mais antigos" })).toHaveCount(0);
  await page.getByRole("link", { name: "Mais recentes" }).click();
  await expect(start(page)).toHaveCount(50);
  expect(await start(page).first().textContent()).toBe(first);
});

test("a number is searched by POST and never appears in an address", async ({ page, signInAs }) => {
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(request.url()));
  await signInAs("supervisor");
  await page.goto("/recordings");
  const search = page.getByRole("search", { name: "Procurar pelo número do cliente" });
  await search.getByRole("textbox").fill("nome de alguém");
  await search.getByRole("button").click();
  await expect(search.getByRole("alert")).toContainText("não é um número de telefone");

  await search.getByRole("textbox").fill("(11) 90000-1042");
  await search.getByRole("textbox").press("Enter");
  await expect(page.getByRole("link", { name: "Remover filtro Número: número procurado" })).toBeVisible();
  await expect(cells(page, "Número").first()).toBeVisible();
  await expect(cells(page, "Número").filter({ hasNotText: "(11) •••••-1042" })).toHaveCount(0);
  expect(addresses.filter((address) => /90000-?1042|nome/.test(decodeURIComponent(address)))).toEqual([]);
});

test("the choice of columns is remembered", async ({ page, signInAs }) => {
  await signInAs("supervisor");
  await page.goto("/recordings");
  const heading = (name: string) => page.getByRole("columnheader", { name });
  await expect(heading("Fila")).toBeVisible();
  for (const column of ["Fila", "Tamanho"]) {
    await page.getByRole("button", { name: "Escolher colunas" }).click();
    await page.getByRole("menuitemcheckbox", { name: column }).click();
    await page.keyboard.press("Escape");
  }
  await page.reload();
  await expect(heading("Tamanho")).toBeVisible();
  await expect(heading("Fila")).toHaveCount(0);
  await page.getByRole("button", { name: "Escolher colunas" }).click();
  await page.getByRole("menuitem", { name: "Restaurar colunas" }).click();
  await expect(heading("Fila")).toBeVisible();
});

test("the page of a call shows until when it is kept", async ({ page, signInAs }) => {
  await signInAs("supervisor");
  await page.goto("/recordings?state=stored");
  await page.locator("tbody tr").filter({ hasText: "Suporte" }).getByRole("link").first().click();
  const day = (text: string | null) => Date.parse(text!.replace(/.*?(\d\d)\/(\d\d)\/(\d{4}).*/, "$3-$2-$1"));
  const called = day(await page.getByRole("heading", { level: 1 }).filter({ hasText: "Gravação de" }).textContent());
  const custody = page.getByRole("region", { name: "Cadeia de custódia" });
  await expect(custody.getByText("Política SAC de serviço regulado, versão 1")).toHaveCount(2);
  const until = day(
    await custody
      .locator("div")
      .filter({ has: page.getByText("Retida até", { exact: true }) })
      .last()
      .textContent(),
  );
  expect((until - called) / 86_400_000).toBe(180);
});

test("the page of a call of another unit answers not found", async ({ page, signInAs, anotherBrowser }) => {
  await signInAs("supervisor");
  await page.goto("/recordings");
  await page.locator("tbody").getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Gravação de");
  const clinic = await anotherBrowser(signIns().filter(({ role }) => role === "supervisor")[1]);
  const answer = await clinic.goto(new URL(page.url()).pathname);
  expect(answer?.status()).toBe(404);
  await expect(clinic.getByRole("heading", { level: 1, name: "Página não encontrada" })).toBeVisible();
  await expect(clinic.getByText("Cadeia de custódia")).toHaveCount(0);
});

test("on a phone rows are cards, a field sorts them, and the menu opens @phone-only", async ({ page, signInAs }) => {
  await signInAs("supervisor");
  await page.goto("/recordings");
  await page.getByText("Mais filtros").tap();
  await page.getByLabel("Ordem").selectOption({ label: "Mais longas" });
  await page.getByRole("button", { name: "Aplicar" }).tap();
  await expect(page).toHaveURL(/sort=-duration/);
  await expect(async () => {
    const durations = (await cells(page, "Duração").allInnerTexts()).filter((text) => /\d/.test(text)).map(sortedBy);
    expect(durations.length).toBeGreaterThan(10);
    expect(durations).toEqual(durations.toSorted().reverse());
    expect(durations[0]! >= "09:35").toBe(true);
  }).toPass();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    page.viewportSize()!.width,
  );
  await page.getByRole("button", { name: "Abrir menu" }).tap();
  await expect(page.getByRole("link", { name: "Configurações" })).toBeVisible();
  await page.keyboard.press("Escape");
  await cells(page, "Unidade").first().tap();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Gravação de");
});
