import { expectNoViolations } from "./setup/axe";
import { fixture, uploadCall } from "./setup/calls";
import { setCopyState, waitForCopy } from "./setup/database";
import { expectToAdvancePast, play, statePurpose } from "./setup/player";
import { expect, test, type Page } from "./setup/test";

const hasTranscoder = process.env.MEDIA_TRANSCODER !== "off";
const gsm = () => fixture("asterisk22-wav49-4s.WAV");
const notice = "Esta gravação está em GSM 06.10 (WAV49), que navegadores não reproduzem";
const playButton = (page: Page) => page.getByRole("button", { name: "Reproduzir" });

/** Counts the links that the page asks for. */
function countGrants(page: Page): () => number {
  let count = 0;
  page.on("request", (request) => (count += /\/(playback|download)-grants$/.test(request.url()) ? 1 : 0));
  return () => count;
}

test("without a copy the page names the codec before play, makes no grant, and offers the original @phone", async ({
  page,
  signInAs,
  anotherBrowser,
}) => {
  const id = await uploadCall(page.request, { unit: "suporte" }, gsm());
  if (hasTranscoder) {
    await waitForCopy(id);
    await setCopyState(id, "waiting");
  }
  await signInAs("supervisor");
  const grants = countGrants(page);
  await page.goto(`/recordings/${id}`);
  const why = hasTranscoder ? "A cópia para ouvir está sendo preparada" : "o conversor de áudio não está ligado";
  await expect(page.getByText(notice)).toContainText(why);
  await expect(page.getByText(notice)).toContainText("Quem tem permissão pode baixar a original.");
  await expect(playButton(page)).toBeDisabled();
  await page.keyboard.press("k");
  await expectNoViolations(page, "a recording without a playable copy");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(grants()).toBe(0);

  const dpo = await anotherBrowser("dpo");
  await dpo.goto(`/recordings/${id}`);
  await expect(dpo.getByText(notice)).toContainText("O botão Baixar entrega a original");
  await dpo.getByRole("button", { name: "Baixar" }).click();
  const [download] = await Promise.all([dpo.waitForEvent("download"), statePurpose(dpo, { submit: "Baixar" })]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).equals(gsm())).toBe(true);
});

test("a copy that could not be made is named with the codec, and is not called a connection", async ({
  page,
  signInAs,
}) => {
  test.skip(!hasTranscoder, "ffmpeg is not installed here");
  const id = await uploadCall(page.request, { unit: "suporte" }, gsm());
  await waitForCopy(id);
  await setCopyState(id, "failed");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  await expect(page.getByText(notice)).toContainText("e não pôde ser convertida. Quem tem permissão pode baixar");
  await expect(playButton(page)).toBeDisabled();
  await expect(page.getByText("Confira a conexão")).toHaveCount(0);
});

test("a copy is announced before play, heard in place of the recording, and named in the list of accesses", async ({
  page,
  signInAs,
}) => {
  test.skip(!hasTranscoder, "ffmpeg is not installed here");
  const id = await uploadCall(page.request, { unit: "suporte" }, gsm());
  await waitForCopy(id);
  await signInAs("supervisor");
  const grants = countGrants(page);
  await page.goto(`/recordings/${id}`);
  await expect(page.getByText(notice)).toContainText("você ouvirá uma cópia convertida");
  await play(page);
  await expectToAdvancePast(page, 1);
  await expect(page.getByText("não consegue decodificar")).toHaveCount(0);
  expect(grants()).toBe(1);
  await page.reload();
  const listeners = page.getByRole("region", { name: "Quem teve acesso" });
  await expect(listeners.getByRole("listitem")).toHaveCount(1);
  await expect(listeners.getByRole("listitem")).toContainText("Cópia convertida");
});
