import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fixture, playableCall } from "./setup/calls";
import { expectToAdvancePast, play } from "./setup/player";
import { expect, signInOf, test } from "./setup/test";

test("an auditor cannot play recordings and sees who played them", async ({ page, signInAs, anotherBrowser }) => {
  const id = await playableCall(page.request, { unit: "suporte" }, fixture("call-19-mp3-mono.mp3"), "audio/mpeg");
  const supervisor = await anotherBrowser("supervisor");
  await supervisor.goto(`/recordings/${id}`);
  await play(supervisor, { reference: "QA-55" });
  await expectToAdvancePast(supervisor, 0.3);

  await signInAs("auditor");
  await page.goto(`/recordings/${id}`);
  await expect(
    page.getByText("Seu perfil permite ver os dados e o histórico desta gravação, mas não ouvi-la."),
  ).toBeVisible();
  await expect(page.locator("audio")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Reproduzir" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Quem teve acesso" })).toContainText("QA-55");

  await page.goto(`/audit-log?targetId=${id}`);
  const events = page.getByRole("list", { name: "Trilha de auditoria" }).getByRole("listitem");
  await expect(
    events.filter({ hasText: `${signInOf("supervisor").name} recebeu autorização para ouvir a gravação` }),
  ).toHaveCount(1);
  await expect(events.filter({ hasText: "enviou uma gravação" })).toHaveCount(1);
});

test("the address holds the filters of the audit log", async ({ page, signInAs }) => {
  await signInAs("auditor");
  await page.goto("/audit-log");
  await page.getByText("Filtros", { exact: true }).click();
  await page.getByLabel("Quem", { exact: true }).selectOption({ label: signInOf("admin").name });
  await page.getByRole("button", { name: "Aplicar" }).click();
  await expect(page).toHaveURL(/actor=/);
  const events = page.getByRole("list", { name: "Trilha de auditoria" }).getByRole("listitem");
  await expect(events.first()).toContainText(signInOf("admin").name);
  await expect(
    events.filter({ hasText: signInOf("supervisor").name }).filter({ hasText: "recebeu autorização" }),
  ).toHaveCount(0);
});

test("an auditor exports the log and the keys to verify it", async ({ page, signInAs }) => {
  await signInAs("auditor");
  await page.goto("/audit-log");
  await page.getByText("Integridade", { exact: true }).click();
  const download = async (name: RegExp) => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
    return readFile(await file.path(), "utf8");
  };
  const lines = (await download(/JSON Lines/)).trim().split("\n");
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  expect((await download(/CSV/)).split("\n").length).toBeGreaterThan(10);
  expect(await download(/chaves públicas/)).toContain("BEGIN PUBLIC KEY");
});

test("the first page of the log is at most 60 kB, compressed", async ({ page, signInAs }) => {
  await signInAs("auditor");
  const response = await page.request.get("/audit-log");
  expect(gzipSync(await response.body()).length).toBeLessThanOrEqual(60_000);
});

test("the first screen of the log shows twelve events, in words, and opens one by keyboard", async ({
  page,
  signInAs,
}) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await signInAs("auditor");
  await page.goto("/audit-log");
  const events = page.getByRole("list", { name: "Trilha de auditoria" }).getByRole("listitem");
  await expect(events).toHaveCount(50);
  const bottoms = await events.evaluateAll((items) => items.map((item) => item.getBoundingClientRect().bottom));
  expect(bottoms.filter((bottom) => bottom <= 720).length).toBeGreaterThanOrEqual(12);
  await expect(events.filter({ hasText: /chamada de \d\d\/\d\d.* · / }).first()).toBeVisible();
  const sentences = (await events.allInnerTexts()).join("\n");
  expect(sentences).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);

  await events.nth(1).getByRole("link").focus();
  await page.keyboard.press("Enter");
  // Not by its place: other events come meanwhile.
  await expect(events.getByRole("link", { expanded: true })).toHaveCount(1);
  await expect(events.getByRole("term").filter({ hasText: "Chamada à API" })).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("an auditor finds a kind of event by typing, and people apart from jobs", async ({ page, signInAs }) => {
    await signInAs("auditor");
    await page.goto("/audit-log");
    await page.getByText("Filtros", { exact: true }).click();
    await page.getByLabel("Evento", { exact: true }).fill("acesso entrou");
    await page.getByRole("button", { name: "Aplicar" }).click();
    const events = page.getByRole("list", { name: "Trilha de auditoria" }).getByRole("listitem");
    await expect(events.first()).toContainText("entrou");
    for (const text of await events.allInnerTexts()) expect(text).toContain("entrou");
    await page.goto("/audit-log");
    await page.getByRole("link", { name: "Tarefas em segundo plano", exact: true }).click();
    await expect(page).toHaveURL(/actorType=job/);
    await expect(events.filter({ hasText: signInOf("supervisor").name })).toHaveCount(0);
  });

  test("a page without permission is one denial, which says what was tried", async ({
    page,
    signInAs,
    anotherBrowser,
  }) => {
    const supervisor = await anotherBrowser("supervisor", { javaScriptEnabled: false });
    await signInAs("auditor");
    const denials = page
      .getByRole("list", { name: "Trilha de auditoria" })
      .getByRole("listitem")
      .filter({ hasText: `${signInOf("supervisor").name} tentou sem permissão` });
    await page.goto("/audit-log?action=access.denied");
    const before = await denials.count();
    await supervisor.goto("/audit-log");
    await page.reload();
    await expect(denials).toHaveCount(before + 1);
    await expect(denials.first()).toContainText("Ver a trilha de auditoria");
  });
});
