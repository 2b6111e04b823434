import { expectNoViolations } from "./setup/axe";
import { fixture, uploadCall } from "./setup/calls";
import { expireUploadLinks, stateOf } from "./setup/database";
import { expect, test, type Page } from "./setup/test";

/** A start of 1993, past the retention of every policy, that only one test uses. */
const ownStart = () => new Date(Date.UTC(1993, 0, 1) + Math.floor(Math.random() * 500_000) * 60_000);
const notice = (page: Page) => page.getByRole("region", { name: "Data da chamada duvidosa" });
const chip = (page: Page) => page.getByText("Data duvidosa", { exact: true });

test("the DPO finds a doubtful date, corrects it by keyboard and confirms another", async ({
  page,
  signInAs,
  request,
}) => {
  const startedAt = ownStart();
  const upload = (at: Date) =>
    uploadCall(request, { unit: "suporte", startedAt: at.toISOString() }, fixture("other-aac.m4a"), "audio/mp4");
  const [corrected, confirmed] = [await upload(startedAt), await upload(new Date(startedAt.getTime() + 60_000))];
  await signInAs("dpo");
  const day = startedAt.toISOString().slice(0, 4);
  await page.goto(`/recordings?doubtfulDate=yes&from=${day}-01-01&to=${day}-12-31`);
  await expect(page.getByRole("link", { name: /Data da chamada.*Duvidosa/ })).toBeVisible();
  await expect(page.locator("tbody").getByText("Data duvidosa").first()).toBeVisible();
  await expectNoViolations(page, "the list of doubtful dates");

  await page.goto(`/recordings/${corrected}`);
  await expect(notice(page)).toContainText("já havia passado do prazo de retenção");
  await expectNoViolations(page, "a recording with a doubtful date");
  const field = notice(page).getByLabel("Início da chamada");
  await field.fill("2099-01-01T10:00:00");
  await field.press("Enter");
  await expect(notice(page).getByText("Escolha hoje ou um dia antes.")).toBeVisible();
  await expect(field).toBeFocused();
  const yesterday = `${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}T10:20:30`;
  await field.fill(yesterday);
  await field.press("Enter");
  const heading = notice(page).getByRole("heading", { name: /^Corrigir o início para .*10:20:30/ });
  await expect(heading).toBeFocused();
  await expect(notice(page).getByRole("listitem")).toHaveText(/^Retida até .*, pela política/);
  await expectNoViolations(page, "the effect of a corrected date");
  await page.keyboard.press("Tab");
  await expect(notice(page).getByRole("button", { name: "Voltar" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(notice(page)).toHaveCount(0);
  await expect(chip(page)).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(yesterday.slice(0, 4));
  await expect(page.getByRole("region", { name: "Histórico" })).toContainText("corrigiu a data duvidosa da gravação");

  await page.goto(`/recordings/${confirmed}`);
  await notice(page).getByRole("button", { name: "Ver o que acontece" }).click();
  await expect(notice(page).getByText(/será eliminada na próxima execução da retenção/)).toBeVisible();
  await notice(page).getByRole("button", { name: "Voltar" }).click();
  await expect(notice(page).getByLabel("Início da chamada")).toBeVisible();
  await notice(page).getByRole("button", { name: "Ver o que acontece" }).click();
  await notice(page).getByRole("button", { name: "Confirmar a data" }).click();
  await expect(notice(page)).toHaveCount(0);
  await expireUploadLinks();
  const headers = { authorization: `Bearer ${process.env.CRON_SECRET}` };
  const retain = async () => {
    expect((await request.get("/api/cron/retention", { headers })).status()).toBe(200);
    return stateOf(confirmed);
  };
  await expect.poll(retain, { timeout: 60_000 }).toBe("deleted");
  expect(await stateOf(corrected)).toBe("stored");
});

test("a supervisor sees that the date is doubtful, and cannot decide; the second of two people is told", async ({
  page,
  signInAs,
  anotherBrowser,
  request,
}) => {
  const call = { unit: "suporte", startedAt: ownStart().toISOString() };
  const id = await uploadCall(request, call, fixture("other-aac.m4a"), "audio/mp4");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  await expect(notice(page)).toContainText("até que o encarregado ou a administração confirme ou corrija a data");
  await expect(notice(page).getByRole("button")).toHaveCount(0);
  await expect(notice(page).getByRole("textbox")).toHaveCount(0);
  await expectNoViolations(page, "a doubtful date for a supervisor");

  const [dpo, admin] = [await anotherBrowser("dpo"), await anotherBrowser("admin")];
  for (const reader of [dpo, admin]) {
    await reader.goto(`/recordings/${id}`);
    await notice(reader).getByRole("button", { name: "Ver o que acontece" }).click();
    await expect(notice(reader).getByRole("button", { name: "Confirmar a data" })).toBeVisible();
  }
  await notice(admin).getByRole("button", { name: "Confirmar a data" }).click();
  await expect(notice(admin)).toHaveCount(0);
  await notice(dpo).getByRole("button", { name: "Confirmar a data" }).click();
  await expect(notice(dpo).getByText(/Outra pessoa alterou este registro/)).toBeVisible();
});
