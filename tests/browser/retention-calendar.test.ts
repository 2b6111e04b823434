import { fixture, uploadCall } from "./setup/calls";
import { overdueRetention } from "./setup/database";
import { expect, test, type Page } from "./setup/test";

const dayMs = 86_400_000;
/** Uploads a call that, by the example policies, is due at the start of the day this many days from today. */
const callGoingIn = (days: number) => new Date(Date.now() - (181 - days) * dayMs).toISOString();
const dayIn = (days: number) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: "America/Sao_Paulo" }).format(Date.now() + days * dayMs);
const written = (day: string) => day.split("-").reverse().join("/");

const upload = (request: Parameters<typeof uploadCall>[0], unit: string, days: number) =>
  uploadCall(request, { unit, startedAt: callGoingIn(days) }, fixture("call-19-mp3-mono.mp3"), "audio/mpeg");
const chart = (page: Page) => page.getByRole("group", { name: /^Gravações a eliminar em cada um/ });
const rowOf = (page: Page, id: string) => page.locator(`tbody a[href="/recordings/${id}"]`);

test("a supervisor opens a day of the calendar by keyboard and holds its recordings", async ({
  page,
  signInAs,
  request,
}) => {
  const day = dayIn(18);
  const [own, foreign] = [await upload(request, "suporte", 18), await upload(request, "vendas", 18)];
  await signInAs("supervisor");
  await page.goto("/recordings");
  await page.getByRole("navigation", { name: "Navegação principal" }).getByRole("link", { name: "Retenção" }).click();
  await page.waitForURL("**/retention");
  await expect(page.getByRole("navigation", { name: "Retenção" }).getByRole("link")).toHaveText([
    "Visão geral",
    "Preservação legal",
  ]);
  await chart(page)
    .getByRole("link", { name: new RegExp(`^${written(day)}: `) })
    .focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/recordings\\?state=stored&held=no&dueFrom=${day}&dueTo=${day}$`));
  await expect(
    page.getByText(
      `Em ${written(day)}, a retenção elimina estas gravações, exceto as que estão sob preservação legal.`,
    ),
  ).toBeVisible();
  await expect(rowOf(page, own)).toHaveCount(1);
  await expect(rowOf(page, foreign)).toHaveCount(0);

  await page.getByRole("link", { name: "Preservar todas deste filtro" }).click();
  const form = page.getByRole("region", { name: "Nova preservação legal" });
  await form.getByLabel("Processo ou causa").fill(`Processo do dia ${day}`);
  await form.getByLabel("Motivo").fill("Ação em curso");
  await form.getByLabel("Revisar até").fill("2099-01-31");
  await page.getByRole("button", { name: "Aplicar preservação legal" }).click();
  await page.waitForURL(/\/retention\/holds\/[0-9a-f-]{36}$/);
  await page.goto("/retention");
  await expect(chart(page).getByRole("link", { name: new RegExp(`^${written(day)}: `) })).toHaveCount(0);
  await page.getByText("Ver em tabela").click();
  await page
    .getByRole("row", { name: new RegExp(written(day)) })
    .getByRole("link")
    .click();
  await page.waitForURL(new RegExp(`held=yes&dueFrom=${day}`));
  await expect(rowOf(page, own)).toHaveCount(1);
});

test("a bar segment links to the recordings of that day and policy @phone", async ({ page, signInAs, request }) => {
  const day = dayIn(12);
  const [regulated, other] = [await upload(request, "suporte", 12), await upload(request, "vendas", 12)];
  await signInAs("dpo");
  await page.goto("/retention");
  const part = chart(page).locator(`a[href*="dueFrom=${day}"][href*="policyId="]`).first();
  await part.click();
  await page.waitForURL(new RegExp(`dueFrom=${day}&dueTo=${day}&policyId=`));
  await expect(
    page.getByRole("list", { name: "Filtros ativos" }).getByRole("link", { name: /Política/ }),
  ).toBeVisible();
  expect((await rowOf(page, regulated).count()) + (await rowOf(page, other).count())).toBe(1);
});

test("every page warns those who can act that deletions have stopped", async ({ page, signInAs, anotherBrowser }) => {
  const isRunningAgain = await overdueRetention();
  try {
    await signInAs("dpo");
    await page.goto("/recordings");
    const alarm = (of: Page) => of.getByRole("alert").filter({ hasText: "A eliminação está parada" });
    await alarm(page).getByRole("link", { name: "Ver a retenção" }).click();
    await page.waitForURL("**/retention");
    await expect(alarm(page)).toHaveCount(1);
    const supervisor = await anotherBrowser("supervisor");
    await supervisor.goto("/recordings");
    await expect(supervisor.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(alarm(supervisor)).toHaveCount(0);
  } finally {
    await isRunningAgain();
  }
});
