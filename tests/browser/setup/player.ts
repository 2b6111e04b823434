import { expect, type Page } from "@playwright/test";

/** Answers the purpose form before the first playback, and starts it. */
export async function play(
  page: Page,
  { purpose = "Supervisão de qualidade", reference = "QA-2026-118" } = {},
): Promise<void> {
  await page.getByRole("button", { name: "Reproduzir" }).click();
  await statePurpose(page, { purpose, reference, submit: "Ouvir" });
}

export async function statePurpose(
  page: Page,
  {
    purpose = "Supervisão de qualidade",
    reference = "QA-2026-118",
    submit,
  }: { purpose?: string; reference?: string; submit: "Ouvir" | "Baixar" },
): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Finalidade").selectOption({ label: purpose });
  await dialog.getByLabel("Chamado ou protocolo").fill(reference);
  await dialog.getByRole("button", { name: submit }).click();
}

/** The position of the browser's audio element, in seconds. */
export const currentTime = (page: Page): Promise<number> =>
  page.locator("audio").evaluate((audio: HTMLAudioElement) => audio.currentTime);

/** Waits until playback has passed a position. */
export async function expectToAdvancePast(page: Page, seconds: number): Promise<void> {
  await expect.poll(() => currentTime(page), { intervals: [100] }).toBeGreaterThan(seconds);
}

/** Reads the grant that the player receives at its next request for one. */
export async function nextGrant(page: Page): Promise<{ grantId: string; url: string }> {
  const answer = await page.waitForResponse(
    (response) => response.url().endsWith("/playback-grants") && response.request().method() === "POST",
  );
  return (await answer.json()) as { grantId: string; url: string };
}
