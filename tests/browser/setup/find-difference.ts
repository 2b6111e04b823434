import { createHash } from "node:crypto";
import { expect } from "@playwright/test";
import type { Page } from "./test";

/** A WAV of one sample: real audio without sound. */
function silentWav(): Buffer {
  const bytes = Buffer.alloc(46);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(38, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2, 40);
  return bytes;
}

type Ticket = { id: string; upload: { url: string; headers: Record<string, string> } | null };

/** A recording without sound, uploaded by the signed-in administrator; the same one for every test. */
async function uploadSilence({ request }: Page, baseUrl: string): Promise<void> {
  const bytes = silentWav();
  const headers = { origin: new URL(baseUrl).origin };
  const facts = {
    contentType: "audio/wav",
    sizeBytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
  const startedAt = new Date(Date.now() - 60 * 86_400_000).toISOString();
  const asked = await request.post("/api/recordings", {
    headers,
    data: {
      source: "browser-tests",
      sourceCallId: "silence",
      unit: "vendas",
      direction: "inbound",
      startedAt,
      ...facts,
    },
  });
  const ticket = (await asked.json()) as Ticket;
  if (!ticket.upload) return;
  await request.put(ticket.upload.url, { headers: ticket.upload.headers, data: bytes });
  await request.post(`/api/recordings/${ticket.id}/complete`, { headers, data: {} });
}

/** The address of a discrepancy, found by a store scan that the administrator starts on its page. */
export async function findDifference(page: Page): Promise<string> {
  await page.goto("/retention/store-scan");
  const link = page.getByRole("link", { name: "Gravação sem som" }).first();
  if (!(await link.isVisible())) await uploadSilence(page, page.url());
  await expect(async () => {
    await page.goto("/retention/store-scan");
    const start = page.getByRole("button", { name: "Conferir agora" });
    if (!(await link.isVisible()) && (await start.isVisible())) await start.click();
    await expect(link).toBeVisible({ timeout: 4_000 });
  }).toPass({ timeout: 180_000 });
  return (await link.getAttribute("href"))!;
}
