import { randomUUID } from "node:crypto";
import { expectNoViolations } from "./setup/axe";
import { announceCall, fixture, longCall, uploadCall } from "./setup/calls";
import { makeDue, stateOf } from "./setup/database";
import { expect, signIns, test, type Page } from "./setup/test";

/** A past day that only one test uses. */
const ownDay = () =>
  new Date(Date.UTC(1990, 1, 1) + Math.floor(Math.random() * 3900) * 86_400_000).toISOString().slice(0, 10);
const boxes = (page: Page) => page.locator("tbody").getByRole("checkbox");
const holdPage = /\/retention\/holds\/[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Calls of the first supervisor's unit on one day, a minute apart. */
async function callsOn(request: Parameters<typeof announceCall>[0], day: string, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1)
    await announceCall(
      request,
      { unit: "suporte", startedAt: `${day}T15:0${minute}:00Z` },
      fixture("other-aac.m4a"),
      "audio/mp4",
    );
}

async function fillHold(page: Page, matter: string): Promise<void> {
  const form = page.getByRole("region", { name: "Nova preservação legal" });
  await form.getByLabel("Processo ou causa").fill(matter);
  await form.getByLabel("Motivo").fill("Ação em curso");
  await form.getByLabel("Revisar até").fill("2099-01-31");
}

async function placeHold(page: Page, matter: string): Promise<void> {
  await fillHold(page, matter);
  await page.getByRole("button", { name: "Aplicar preservação legal" }).click();
  await page.waitForURL(holdPage);
}

/** Places a hold as the supervisor on the calls of a day. */
async function placedHold(page: Page, day: string, matter: string): Promise<void> {
  await page.goto(`/retention/holds/new?from=${day}&to=${day}`);
  await placeHold(page, matter);
}

test("a supervisor selects recordings by keyboard, sees the preview and places a hold", async ({
  page,
  signInAs,
  request,
}) => {
  const day = ownDay();
  await callsOn(request, day, 3);
  await signInAs("supervisor");
  await page.goto(`/recordings?from=${day}&to=${day}`);
  await expect(boxes(page)).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Preservar selecionadas (0)" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await boxes(page).first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(boxes(page).nth(1)).toBeFocused();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Preservar selecionadas (2)" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/retention\/holds\/new\?recording=[0-9a-f-]{36}&recording=[0-9a-f-]{36}$/);
  await expect(page.getByText(/^2 gravações serão preservadas/)).toBeVisible();
  await expect(page.getByRole("region", { name: "As gravações" }).getByRole("link")).toHaveCount(2);
  await fillHold(page, `Processo do dia ${day}`);
  // Submitted twice, it places one hold.
  await page.getByRole("button", { name: "Aplicar preservação legal" }).dblclick();
  await page.waitForURL(holdPage);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Processo do dia ${day}`);

  await page.goto(`/recordings?from=${day}&to=${day}`);
  await expect(page.locator("tbody td[data-primary]").filter({ hasText: "Preservação legal" })).toHaveCount(2);
  await page
    .locator("tbody td[data-primary]")
    .filter({ hasText: "Preservação legal" })
    .first()
    .getByRole("link")
    .click();
  await page
    .getByRole("region", { name: "Preservação legal" })
    .getByRole("link", { name: `Processo do dia ${day}` })
    .click();
  await page.waitForURL(holdPage);
  await page.goto("/retention/holds");
  await page.getByRole("search", { name: "Buscar pela causa" }).getByRole("searchbox").fill(`DIA ${day}`);
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 preservação encontrada nesta página")).toBeVisible();
  expect(page.url()).not.toContain(day);
});

test("on a phone one tap selects a whole page, which is added to an active hold @phone-only", async ({
  page,
  signInAs,
  request,
}) => {
  const day = ownDay();
  await callsOn(request, day, 2);
  await signInAs("supervisor");
  await placedHold(page, day, `Antes ${day}`);
  await callsOn(request, day, 3);
  await page.goto(`/recordings?from=${day}&to=${day}`);
  await page.getByLabel("Selecionar todas").tap();
  await page.getByRole("button", { name: "Preservar selecionadas (5)" }).tap();
  await expect(page.getByText("2 já estão sob outra preservação legal")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    page.viewportSize()!.width,
  );
  const existing = page.getByRole("region", { name: "Ou incluir em uma preservação em vigor" });
  await existing.getByLabel("Preservação legal").selectOption({ label: `Antes ${day} (2 gravações)` });
  await existing.getByRole("button", { name: "Incluir na preservação" }).tap();
  await page.waitForURL(holdPage);
  await expect(page.getByText(/^5 gravações,/)).toBeVisible();
});

test("a hold covers all matches of a filter, also by number, without the number in an address", async ({
  page,
  signInAs,
  request,
}) => {
  // A mobile number: 9, then a digit from 6, and seven more.
  const number = `+55119${6e7 + Math.floor(Math.random() * 4e7)}`;
  await announceCall(request, { unit: "suporte", customerNumber: number }, fixture("other-aac.m4a"), "audio/mp4");
  await signInAs("supervisor");
  await page.goto("/recordings");
  await expect(page.getByRole("link", { name: "Preservar todas deste filtro" })).toHaveCount(0);
  await page.getByRole("search", { name: "Procurar pelo número do cliente" }).getByRole("textbox").fill(number);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Preservar todas deste filtro" }).click();
  await page.waitForURL(/\/retention\/holds\/new\?number=[\w-]{43,}$/);
  await expect(page.getByText(/^1 gravação será preservada/)).toBeVisible();
  expect(decodeURIComponent(page.url())).not.toContain(number.slice(-8));
  await placeHold(page, "Pelo número");
  await expect(page.getByText(/^1 gravação,/)).toBeVisible();
});

test("a hold is edited and extended; invalid input keeps what was typed", async ({ page, signInAs, request }) => {
  const day = ownDay();
  await callsOn(request, day, 1);
  const later = await uploadCall(request, { unit: "suporte" }, fixture("other-aac.m4a"), "audio/mp4");
  const foreign = await uploadCall(request, { unit: "clinica" }, fixture("other-aac.m4a"), "audio/mp4");
  await signInAs("supervisor");
  await placedHold(page, day, "Processo a editar");
  await page.getByRole("button", { name: "Editar" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Processo ou causa").fill("Processo editado");
  await dialog.getByLabel("Revisar até").fill("2020-01-31");
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await expect(dialog.getByText("Escolha hoje ou um dia depois.")).toBeVisible();
  await expect(dialog.getByLabel("Processo ou causa")).toHaveValue("Processo editado");
  await dialog.getByLabel("Revisar até").fill("2098-01-31");
  await dialog.getByRole("button", { name: "Salvar" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Processo editado");

  await page.getByRole("link", { name: "Incluir gravações" }).click();
  await page.getByRole("button", { name: "Ver o efeito" }).first().click();
  await expect(page.getByText("Preencha ao menos um campo.")).toBeVisible();
  const ids = page.getByRole("region", { name: "Por identificadores" });
  await ids.getByRole("textbox").fill(`${later}\n${foreign}`);
  await ids.getByRole("button").click();
  await expect(ids.getByText("Uma destas gravações não existe ou está fora das suas unidades.")).toBeVisible();
  await expect(ids.getByRole("textbox")).toHaveValue(`${later}\n${foreign}`);
  await ids.getByRole("textbox").fill(later);
  await ids.getByRole("button").click();
  await expect(page.getByRole("heading", { name: "Gravações a incluir" })).toBeFocused();
  await page.getByRole("button", { name: "Incluir 1 gravação" }).click();
  await page.waitForURL(holdPage);
  await expect(page.getByText(/^2 gravações,/)).toBeVisible();
});

test("a hold on one recording is widened to its whole call from its page", async ({ page, signInAs, request }) => {
  const call = { unit: "suporte", sourceCallId: randomUUID() };
  const [chosen] = [
    await uploadCall(request, call, fixture("other-aac.m4a"), "audio/mp4"),
    await uploadCall(request, { ...call, sourceRecordingId: "leg-2" }, longCall(1)),
  ];
  await signInAs("dpo");
  await page.goto(`/retention/holds/new?recording=${chosen}&only=these`);
  await placeHold(page, "Só uma gravação");
  await expect(page.getByText(/^1 gravação,/)).toBeVisible();
  await page.getByRole("link", { name: "Ampliar para as chamadas inteiras" }).click();
  await expect(page.getByText(/^1 gravação será preservada/)).toBeVisible();
  await expect(page.getByText(/^1 gravação já nesta preservação passa a ser preservada/)).toBeVisible();
  await expectNoViolations(page, "the preview of a hold that is widened");
  await page.getByRole("button", { name: "Incluir 1 gravação" }).click();
  await page.waitForURL(holdPage);
  await expect(page.getByText(/^2 gravações,/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Ampliar para as chamadas inteiras" })).toHaveCount(0);
  await expect(page.getByText(/ampliou uma preservação legal para as chamadas inteiras/)).toBeVisible();
});

test("the hold's page shows the recordings that were gone before it", async ({ page, signInAs, request }) => {
  // Past its date for every policy of the unit.
  const startedAt = "1995-03-01T15:00:00Z";
  const upload = () => uploadCall(request, { unit: "suporte", startedAt }, fixture("other-aac.m4a"), "audio/mp4");
  const [gone, kept] = [await upload(), await upload()];
  await makeDue(gone);
  const headers = { authorization: `Bearer ${process.env.CRON_SECRET}` };
  const retain = async () => {
    expect((await request.get("/api/cron/retention", { headers })).status()).toBe(200);
    return stateOf(gone);
  };
  await expect.poll(retain, { timeout: 60_000 }).toBe("deleted");
  expect(await stateOf(kept)).toBe("stored");

  await signInAs("supervisor");
  await page.goto(`/retention/holds/new?recording=${gone}&recording=${kept}`);
  await placeHold(page, "Depois da eliminação");
  await expect(page.getByText(/^1 gravação,/)).toBeVisible();
  const missed = page.getByRole("region", { name: "Já eliminadas" });
  await expect(missed.getByRole("listitem")).toHaveCount(1);
  await expect(missed.getByRole("listitem")).toContainText("Suporte");
  await missed.getByRole("link", { name: /^Já eliminada em .*, antes da preservação$/ }).click();
  await expect(page.getByText(/Esta gravação foi eliminada em/)).toBeVisible();

  await page.goto(`/retention/holds/new?recording=${kept}`);
  await placeHold(page, "Antes da eliminação");
  await expect(missed).toHaveCount(0);
});

test("the requester withdraws a release and another person decides one, on the hold's page", async ({
  page,
  signInAs,
  anotherBrowser,
  request,
}) => {
  const day = ownDay();
  await callsOn(request, day, 1);
  await signInAs("supervisor");
  await placedHold(page, day, "Processo a liberar");
  const hold = new URL(page.url()).pathname;
  const asked = page.getByRole("region", { name: "Liberação pedida" });
  const ask = async () => {
    await page.getByRole("button", { name: "Pedir liberação" }).click();
    await page.getByRole("dialog").getByLabel("Motivo").fill("Processo encerrado");
    await page.getByRole("button", { name: "Enviar pedido" }).click();
    await expect(asked.getByText("Você pediu esta liberação e não pode decidi-la.")).toBeVisible();
    await expect(asked.getByRole("button", { name: "Aprovar" })).toHaveCount(0);
  };
  await ask();
  await asked.getByRole("button", { name: "Retirar pedido" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Retirar pedido" }).click();
  await expect(asked).toHaveCount(0);
  await ask();

  const dpo = await anotherBrowser("dpo");
  await dpo.goto(hold);
  const question = dpo.getByRole("region", { name: "Liberação pedida" });
  await expect(question.getByText("A preservação abrange 1 gravação.")).toBeVisible();
  await question.getByRole("button", { name: "Aprovar" }).click();
  const dialog = dpo.getByRole("alertdialog");
  await expect(dialog.getByText("A preservação deixa de valer agora.")).toBeVisible();
  await dialog.getByRole("button", { name: "Aprovar" }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Motivo da decisão").fill("Conferi o encerramento do processo");
  await dialog.getByRole("button", { name: "Aprovar" }).click();
  await expect(question).toHaveCount(0);
  await expect(dpo.getByText("Liberada", { exact: true }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Pedir liberação" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Incluir gravações" })).toHaveCount(0);
});

test("without permission no hold is offered, and another person's hold answers not found", async ({
  page,
  signInAs,
  anotherBrowser,
  request,
}) => {
  const day = ownDay();
  await callsOn(request, day, 1);
  await signInAs("supervisor");
  await placedHold(page, day, "Só de uma unidade");
  const hold = new URL(page.url()).pathname;
  const clinic = await anotherBrowser(signIns().filter(({ role }) => role === "supervisor")[1]);
  for (const path of [hold, `${hold}/extend`]) expect((await clinic.request.get(path)).status()).toBe(404);
  const auditor = await anotherBrowser("auditor");
  await auditor.goto(`/recordings?from=${day}&to=${day}`);
  await expect(auditor.locator("tbody td[data-primary]").filter({ hasText: "Preservação legal" })).toHaveCount(1);
  await expect(boxes(auditor)).toHaveCount(0);
  await expect(auditor.getByRole("link", { name: "Preservar todas deste filtro" })).toHaveCount(0);
  await auditor.goto(hold);
  await expect(auditor.getByRole("heading", { level: 1 })).toHaveText("Só de uma unidade");
  await expect(auditor.getByRole("button", { name: "Editar" })).toHaveCount(0);
});
