import { randomUUID } from "node:crypto";
import type { APIRequestContext } from "@playwright/test";
import { expectNoViolations } from "./setup/axe";
import { longCall, oneSide, playableCall } from "./setup/calls";
import { expect, test, type Page } from "./setup/test";

/** A past day that only one test uses. */
const ownDay = () =>
  new Date(Date.UTC(2001, 1, 1) + Math.floor(Math.random() * 3000) * 86_400_000).toISOString().slice(0, 10);

/** A call of both sides and a second leg. Its date is doubtful, so no retention run of another test deletes it. */
async function callOfThree(request: APIRequestContext, day: string): Promise<string[]> {
  const call = { unit: "suporte", sourceCallId: randomUUID(), startedAt: `${day}T15:00:00Z` };
  const agent = await playableCall(request, { ...call, sourceRecordingId: "agent:1" }, oneSide(longCall(6), 0));
  const customer = await playableCall(request, { ...call, sourceRecordingId: "customer:1" }, oneSide(longCall(5), 1));
  const leg = await playableCall(request, { ...call, startedAt: `${day}T15:02:00Z` }, longCall(4));
  return [agent, customer, leg];
}

const parts = (page: Page) => page.getByRole("region", { name: "Gravações desta chamada" });

test("a call with several recordings is one row, lists its parts, and is held whole @phone", async ({
  page,
  signInAs,
  request,
}) => {
  const day = ownDay();
  const [agent, customer, leg] = await callOfThree(request, day);
  await signInAs("supervisor");
  await page.goto(`/recordings?from=${day}&to=${day}`);
  const rows = page.locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(rows.getByText("3 gravações")).toBeVisible();
  await expectNoViolations(page, "the list with a call of three recordings");

  await page.goto(`/recordings/${leg}`);
  await expect(parts(page).getByRole("listitem")).toHaveText([
    /00:06.*lado do atendente/,
    /00:05.*lado do cliente/,
    /00:04.*esta gravação/,
  ]);
  await expect(parts(page).locator("[aria-current]")).toHaveText(/00:04/);
  expect(
    await parts(page)
      .getByRole("link")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href"))),
  ).toEqual([agent, customer, leg].map((id) => `/recordings/${id}`));
  await expect(page.getByText("Parte 2 de 2 da chamada")).toBeVisible();
  await expectNoViolations(page, "the page of a call's second leg");

  await page.getByRole("link", { name: "Aplicar preservação legal" }).click();
  await expect(page.getByText("A preservação abrange as chamadas inteiras")).toBeVisible();
  await expect(page.getByText("São de 1 chamada.")).toBeVisible();
  await expectNoViolations(page, "the preview of a hold on a call");
  await page.getByRole("link", { name: "Preservar só as escolhidas" }).click();
  await expect(page.getByText("A preservação abrange só as gravações escolhidas")).toBeVisible();
  await expectNoViolations(page, "the preview of a hold on one recording");
});
