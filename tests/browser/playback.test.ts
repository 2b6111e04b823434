import { randomUUID } from "node:crypto";
import { expectNoViolations } from "./setup/axe";
import { fixture, longCall, oneSide, playableCall, uploadCall } from "./setup/calls";
import { expireGrant, markDeleting } from "./setup/database";
import { damageRecording } from "./setup/damage-recording";
import { currentTime, expectToAdvancePast, nextGrant, play, statePurpose } from "./setup/player";
import { expect, type Page, signInOf, test } from "./setup/test";

const stereo = () => fixture("call-17-mp3-stereo.mp3");

test("the player asks for a purpose, refuses personal data in the reference, then plays @phone", async ({
  page,
  signInAs,
}) => {
  const id = await playableCall(page.request, { unit: "suporte" }, stereo(), "audio/mpeg");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  let grants = 0;
  page.on("request", (request) => (grants += request.url().endsWith("/playback-grants") ? 1 : 0));
  await page.getByRole("button", { name: "Reproduzir" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Ouvir" }).click();
  await expect(dialog.getByText("Escolha uma finalidade.")).toBeVisible();
  await statePurpose(page, { reference: "529.982.247-25", submit: "Ouvir" });
  await expect(dialog.getByText("Isto parece um CPF.")).toBeVisible();
  expect(grants).toBe(0);

  await statePurpose(page, { reference: "RECL-2026-0042", submit: "Ouvir" });
  await expect(dialog).toBeHidden();
  await expectToAdvancePast(page, 1);
  await expect(page.getByText("Finalidade: Supervisão de qualidade · Ref. RECL-2026-0042")).toBeVisible();
  expect(grants).toBe(1);
});

/** Lists the recordings for which the page asks for grants. */
function grantsOf(page: Page): string[] {
  const grants: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/playback-grants")) grants.push(new URL(request.url()).pathname.split("/")[3]!);
  });
  return grants;
}

/** The start of each recording of a call, the first longest ago. */
const minutesAgo = (minutes: number) => ({ startedAt: new Date(Date.now() - minutes * 60_000).toISOString() });
const callOfSeveral = () => ({ unit: "suporte", sourceCallId: randomUUID() });

/** A WAV without a sample of sound. No two have the same content. */
function emptyWav(sampleRate: number): Buffer {
  const wav = Buffer.concat([longCall(1).subarray(0, 40), Buffer.alloc(4)]);
  wav.writeUInt32LE(36, 4);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * 4, 28);
  return wav;
}

test("the recordings of a call play one after the other, each with its grant, and name what cannot @phone", async ({
  page,
  signInAs,
}) => {
  const call = callOfSeveral();
  const first = await playableCall(page.request, { ...call, ...minutesAgo(20) }, longCall(3));
  const silent = await uploadCall(page.request, { ...call, ...minutesAgo(15) }, emptyWav(8000));
  const second = await playableCall(page.request, { ...call, ...minutesAgo(10) }, longCall(4));
  const last = await uploadCall(page.request, { ...call, ...minutesAgo(5) }, emptyWav(16_000));
  await signInAs("supervisor");
  await page.goto(`/recordings/${first}`);
  const grants = grantsOf(page);
  const player = page.getByRole("region", { name: "Reprodutor da gravação" });
  await expect(page.getByRole("region", { name: "Gravações desta chamada" }).getByRole("listitem")).toHaveCount(4);
  await expect(player.getByText("Parte 1 de 4 da chamada")).toBeVisible();
  await play(page);
  await page.getByRole("button", { name: "Pausar" }).focus();

  await expect(page).toHaveURL(new RegExp(`/recordings/${second}$`), { timeout: 20_000 });
  await expectToAdvancePast(page, 1);
  await expect(player.getByText("Parte 3 de 4 da chamada")).toBeVisible();
  await expect(player.getByText("Reproduzindo a parte 3 de 4 desta chamada")).toBeAttached();
  await expect(player.getByText(/^Parte 2, .*: não tem som\.$/)).toBeVisible();
  await expect(player.getByRole("link", { name: /Parte 2,/ })).toHaveAttribute("href", `/recordings/${silent}`);
  await expect(page.getByRole("button", { name: "Pausar" })).toBeFocused();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expectNoViolations(page, "the second part of a call while it plays");

  await expect(player.getByRole("link", { name: /Parte 4,/ })).toHaveAttribute("href", `/recordings/${last}`, {
    timeout: 20_000,
  });
  await expect(page).toHaveURL(new RegExp(`/recordings/${second}$`));
  expect(grants).toEqual([first, second]);
  await page.reload();
  await page.getByRole("button", { name: "Reproduzir" }).click();
  await expect(page.getByRole("dialog").getByText("próximas partes desta chamada")).toHaveCount(0);
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(grants).toHaveLength(2);
});

test("a part that fails while it plays is named, and the listener may go on with the next", async ({
  page,
  signInAs,
}) => {
  const call = callOfSeveral();
  const first = await uploadCall(page.request, { ...call, ...minutesAgo(20) }, undecodable(), "audio/mp4");
  const second = await playableCall(page.request, { ...call, ...minutesAgo(10) }, longCall(4));
  await signInAs("supervisor");
  await page.goto(`/recordings/${first}`);
  const grants = grantsOf(page);
  await play(page);
  await expect(page.getByText("Este navegador não consegue decodificar o áudio")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Reproduzir a parte 2" }).click();
  await expect(page).toHaveURL(new RegExp(`/recordings/${second}$`), { timeout: 20_000 });
  await expectToAdvancePast(page, 1);
  await expect(page.getByRole("button", { name: "Pausar" })).toBeFocused();
  expect(grants).toEqual([first, second]);
});

test("a part that was deleted while the part before played is passed over and named", async ({ page, signInAs }) => {
  const call = callOfSeveral();
  const first = await playableCall(page.request, { ...call, ...minutesAgo(20) }, longCall(5));
  const gone = await playableCall(page.request, { ...call, ...minutesAgo(15) }, longCall(2));
  const last = await playableCall(page.request, { ...call, ...minutesAgo(10) }, longCall(4));
  await signInAs("supervisor");
  await page.goto(`/recordings/${first}`);
  const grants = grantsOf(page);
  await play(page);
  await markDeleting(gone);
  await expect(page).toHaveURL(new RegExp(`/recordings/${last}$`), { timeout: 20_000 });
  await expectToAdvancePast(page, 1);
  await expect(page.getByText(/^Parte 2, .*: (não pode mais ser reproduzida|está em eliminação)\.$/)).toBeVisible();
  expect(grants).toEqual([first, last]);
});

/** The times of both sides at one moment, in seconds: that of the longer one first. */
const timesOf = (page: Page) =>
  page.evaluate(() => [...document.querySelectorAll("audio")].map((audio) => audio.currentTime) as [number, number]);

/** Waits until both sides have passed a position and are no further apart than anyone hears. */
async function expectInStep(page: Page, pastSeconds: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const [lead, follow] = await timesOf(page);
        return lead > pastSeconds && follow > pastSeconds && Math.abs(lead - follow) < 0.1;
      },
      { intervals: [100], timeout: 20_000 },
    )
    .toBe(true);
}

test("the two sides of a call play together, in step at seek, pause and speed, each under its grant @phone", async ({
  page,
  signInAs,
}) => {
  const call = { ...callOfSeveral(), ...minutesAgo(20) };
  const customer = await playableCall(
    page.request,
    { ...call, sourceRecordingId: "customer:1" },
    oneSide(longCall(59), 1),
  );
  const agent = await playableCall(page.request, { ...call, sourceRecordingId: "agent:1" }, oneSide(longCall(60), 0));
  await signInAs("supervisor");
  await page.goto(`/recordings/${customer}`);
  const grants = grantsOf(page);
  const player = page.getByRole("region", { name: "Reprodutor da gravação" });
  await expect(player.locator("audio")).toHaveCount(2);
  await expect(player.getByText("01:00")).toBeVisible();
  await play(page);
  await expectInStep(page, 1);
  expect(grants.toSorted()).toEqual([agent, customer].toSorted());

  await player.getByRole("slider", { name: "Posição na gravação" }).focus();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowRight");
  await expectInStep(page, 20);
  await player.getByLabel("Velocidade").selectOption("2");
  await expectInStep(page, 24);
  await player.getByRole("button", { name: "Pausar" }).click();
  await expect
    .poll(async () => Math.abs((await timesOf(page)).reduce((lead, follow) => lead - follow)))
    .toBeLessThan(0.05);
  await expectNoViolations(page, "the player of two sides");
  const volumes = () =>
    player.locator("audio").evaluateAll((sides: HTMLAudioElement[]) => sides.map((side) => side.volume));
  await player.getByLabel("Volume do cliente").fill("40");
  expect(await volumes()).toEqual([1, 0.4]);
  expect(grants).toHaveLength(2);
  await page.reload();
  const listeners = page.getByRole("region", { name: "Quem teve acesso" });
  await expect(listeners.getByRole("listitem")).toHaveCount(1);
  await page.goto(`/recordings/${agent}`);
  await expect(listeners.getByRole("listitem")).toHaveCount(1);
});

test("a side that begins later plays from its own start, and alone when the other has ended", async ({
  page,
  signInAs,
}) => {
  const [call, begin] = [callOfSeveral(), Date.now() - 20 * 60_000];
  const side = (sourceRecordingId: string, laterMs: number, audio: Buffer) =>
    playableCall(
      page.request,
      { ...call, sourceRecordingId, startedAt: new Date(begin + laterMs).toISOString() },
      audio,
    );
  const customer = await side("customer:1", 0, oneSide(longCall(8), 1));
  const agent = await side("agent:1", 4000, oneSide(longCall(7), 0));
  await signInAs("supervisor");
  await page.goto(`/recordings/${agent}`);
  const grants = grantsOf(page);
  const player = page.getByRole("region", { name: "Reprodutor da gravação" });
  await expect(player.getByText("00:11")).toBeVisible();
  await play(page);
  await expect.poll(async () => (await timesOf(page))[0], { intervals: [100], timeout: 20_000 }).toBeGreaterThan(1);
  expect(grants).toEqual([customer]);
  const arePlayedTogether = async () => {
    const [ofCustomer, ofAgent] = await timesOf(page);
    return ofAgent > 0.5 && Math.abs(ofCustomer - 4 - ofAgent) < 0.1;
  };
  await expect.poll(arePlayedTogether, { intervals: [100], timeout: 20_000 }).toBe(true);
  expect(grants).toEqual([customer, agent]);
  await expect(player.getByText("Fim da gravação").first()).toBeVisible({ timeout: 30_000 });
  const [, ofAgent] = await timesOf(page);
  expect(ofAgent).toBeGreaterThan(6.9);
});

test("an altered recording is not played, and the player shows why", async ({ page, signInAs }) => {
  const id = await playableCall(page.request, { unit: "suporte" }, longCall(60));
  await damageRecording(id);
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  let grants = 0;
  page.on("request", (request) => (grants += request.url().endsWith("/playback-grants") ? 1 : 0));
  await play(page);
  await page.locator("audio").evaluate((audio: HTMLAudioElement) => (audio.currentTime = 30));
  await expect(page.getByText("O áudio no armazenamento não é o que entrou em custódia")).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.getByText("A reprodução parou")).toBeVisible();
  await expect(page.getByText("O áudio não pôde ser reproduzido")).toHaveCount(0);
  expect(grants).toBe(1);
});

/** MP4 whose index describes AAC, and without a frame that decodes. */
function undecodable(): Buffer {
  const audio = Buffer.from(fixture("other-aac.m4a"));
  const start = audio.indexOf("mdat") + 4;
  return audio.fill(0xff, start, start + audio.readUInt32BE(start - 8) - 8);
}

test("a press on a file that Chromium cannot decode makes one grant and one message", async ({ page, signInAs }) => {
  const id = await playableCall(page.request, { unit: "suporte" }, undecodable(), "audio/mp4");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await play(page);
  await expect(page.getByText("Este navegador não consegue decodificar o áudio")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("A reprodução parou")).toBeVisible();
  await expect(page.getByRole("button", { name: "Tentar de novo" })).toHaveCount(0);
  await page.getByRole("button", { name: "Reproduzir" }).click();
  await expect(page.getByText("Confira a conexão")).toHaveCount(0);
  await page.reload();
  const listeners = page.getByRole("region", { name: "Quem teve acesso" });
  await expect(listeners.getByRole("listitem")).toHaveCount(1);
  // One entry, of what was sent: nothing claims that it was heard.
  await expect(listeners.getByRole("listitem")).toContainText(
    new RegExp(
      "Trechos transmitidos: (Nenhum trecho transmitido|00:00–00:\\d\\d).*segundo o player: nada foi informado" +
        " · A reprodução falhou, segundo o player\\.$",
      "s",
    ),
  );
  expect(asked.filter((line) => line.endsWith("/playback-grants"))).toHaveLength(1);
  expect(asked.filter((line) => line.startsWith("GET /api/playback/")).length).toBeLessThanOrEqual(6);
});

test("a connection that is cut while the sound loads is tried again under the same grant", async ({
  page,
  signInAs,
}) => {
  const id = await playableCall(page.request, { unit: "suporte" }, stereo(), "audio/mpeg");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  let grants = 0;
  page.on("request", (request) => (grants += request.url().endsWith("/playback-grants") ? 1 : 0));
  let cuts = 0;
  await page.route("**/api/playback/*", (route) =>
    route.request().method() === "GET" && cuts++ === 0 ? route.abort("connectionreset") : route.continue(),
  );
  await play(page);
  await expectToAdvancePast(page, 0.5);
  expect([cuts > 1, grants]).toEqual([true, 1]);
  await expect(page.getByText("não consegue decodificar")).toHaveCount(0);
});

test("a connection that stays cut is never called a format", async ({ page, signInAs }) => {
  const id = await playableCall(page.request, { unit: "suporte" }, stereo(), "audio/mpeg");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  await page.route("**/api/playback/*", (route) => route.abort("connectionreset"));
  await play(page);
  await expect(page.getByText("O áudio não pôde ser reproduzido depois de várias tentativas")).toBeVisible({
    timeout: 40_000,
  });
  await expect(page.getByText("não consegue decodificar")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Tentar de novo" })).toBeVisible();
});

/** A WAV as a recorder leaves it that was killed: without its sizes. */
function withoutSizes(wav: Buffer): Buffer {
  wav.writeUInt32LE(0, 4);
  wav.writeUInt32LE(0, 40);
  return wav;
}

for (const [name, audio, contentType] of [
  ["a WAV without sizes", () => withoutSizes(longCall(60)), "audio/wav"],
  [
    "a file of linear samples without a header",
    () => longCall(60).subarray(44),
    "audio/l16;rate=8000;channels=2;endianness=little-endian",
  ],
] as const)
  test(`${name} plays, has its duration, and seeks`, async ({ page, signInAs }) => {
    const id = await playableCall(page.request, { unit: "suporte" }, audio(), contentType);
    await signInAs("supervisor");
    await page.goto(`/recordings/${id}`);
    await play(page);
    await expectToAdvancePast(page, 0.3);
    const element = page.locator("audio");
    expect(await element.evaluate((played: HTMLAudioElement) => played.duration)).toBeCloseTo(60, 1);
    await element.evaluate((played: HTMLAudioElement) => void (played.currentTime = 50));
    await expectToAdvancePast(page, 50.3);
    expect(await currentTime(page)).toBeLessThan(60);
  });

test("the player seeks, changes speed and obeys the keyboard", async ({ page, signInAs }) => {
  const id = await playableCall(page.request, { unit: "suporte" }, stereo(), "audio/mpeg");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  await play(page);
  await expectToAdvancePast(page, 0.3);

  const slider = page.getByRole("slider", { name: "Posição na gravação" });
  const box = (await slider.boundingBox())!;
  await slider.click({ position: { x: box.width / 2, y: box.height / 2 } });
  await expectToAdvancePast(page, 36);
  await page.getByLabel("Velocidade").selectOption({ label: "1,5×" });
  expect(
    await page.locator("audio").evaluate((audio: HTMLAudioElement) => [audio.playbackRate, audio.preservesPitch]),
  ).toEqual([1.5, true]);

  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("k");
  await expect(page.getByRole("button", { name: "Reproduzir" })).toBeVisible();
  const paused = await currentTime(page);
  await page.keyboard.press("l");
  await expect.poll(() => currentTime(page)).toBeGreaterThan(paused + 9);
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => currentTime(page)).toBeLessThan(paused - 4);
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(slider).toHaveAttribute("aria-valuenow", "0");
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pausar" })).toBeVisible();
  await expectToAdvancePast(page, 0.3);
});

test("playback continues when its link expires, and the page lists who played which parts", async ({
  page,
  signInAs,
}) => {
  // Twenty minutes are more than the portal sends before a browser has looked for another place.
  const id = await playableCall(page.request, { unit: "suporte" }, longCall(1200));
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  const [first] = await Promise.all([
    nextGrant(page),
    play(page, { purpose: "Tratamento de reclamação", reference: "RECL-77" }),
  ]);
  await expectToAdvancePast(page, 0.5);
  await expireGrant(first.grantId);

  const slider = page.getByRole("slider", { name: "Posição na gravação" });
  const box = (await slider.boundingBox())!;
  const [second] = await Promise.all([
    nextGrant(page),
    slider.click({ position: { x: box.width * 0.95, y: box.height / 2 } }),
  ]);
  expect(second.grantId).not.toBe(first.grantId);
  await expectToAdvancePast(page, 1139);
  await expect(page.getByRole("paragraph").filter({ hasText: "Reproduzindo" })).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();

  await page.getByRole("button", { name: "Pausar" }).click();
  const heard = page.getByRole("region", { name: "Quem teve acesso" }).getByRole("listitem");
  // The last part of each is recorded when its connection ends: for the second one that is the first reload.
  await expect(async () => {
    await page.reload();
    expect(await heard.allInnerTexts()).toEqual([
      expect.stringMatching(/1[89]:\d\d–(19|20):\d\d/),
      expect.stringMatching(/00:00–\d\d:\d\d/),
    ]);
  }).toPass();
  await expect(heard.first()).toContainText(signInOf("supervisor").name);
  await expect(heard.first()).toContainText("Tratamento de reclamação");
  await expect(heard.first()).toContainText("RECL-77");
  await expect(page.getByText("Trechos já transmitidos")).toBeVisible();
});

/** What the history of a recording says of its newest grant, in whole seconds: what was sent, and what was heard. */
async function newestAccess(page: Page): Promise<{ sent: string; heard: string }> {
  const newest = page.getByRole("region", { name: "Quem teve acesso" }).getByRole("listitem").first();
  const [, sent = "", heard = ""] =
    /transmitidos: (.*?)\n+Reproduzido no navegador, segundo o player: (.*)/.exec(await newest.innerText()) ?? [];
  return { sent, heard };
}

/** The end of the only part that was heard, in seconds. */
const endOf = (heard: string) => {
  const [, minutes, seconds] = /^00:00–(\d\d):(\d\d)/.exec(heard) ?? [];
  return Number(minutes) * 60 + Number(seconds);
};

/** Plays until a position, from its start on under some condition, leaves the page, and reads the history. */
async function playAndLeave(page: Page, id: string, seconds: number, change: () => Promise<void> = async () => {}) {
  await page.goto(`/recordings/${id}`);
  await play(page);
  await change();
  await expectToAdvancePast(page, seconds);
  await page.goto("about:blank");
  await page.goto(`/recordings/${id}`);
  await expect(async () => {
    await page.reload();
    const { sent, heard } = await newestAccess(page);
    expect(sent).toMatch(/^00:00–/);
    expect(heard).toMatch(/^00:00–/);
  }).toPass({ timeout: 30_000 });
  return newestAccess(page);
}

test("three seconds of a call of twenty minutes are three seconds in the history, and never what was sent", async ({
  page,
  signInAs,
}) => {
  const id = await playableCall(page.request, { unit: "suporte" }, longCall(1200));
  await signInAs("supervisor");
  const { sent, heard } = await playAndLeave(page, id, 3);
  expect(endOf(heard)).toBeGreaterThanOrEqual(2);
  expect(endOf(heard)).toBeLessThanOrEqual(30);
  expect(endOf(sent)).toBeGreaterThan(endOf(heard));
  const history = page.getByRole("region", { name: "Histórico" });
  await expect(
    history.getByText(`${signInOf("supervisor").name} reproduziu trechos da gravação no navegador, segundo o player`),
  ).toBeVisible();
  await expectNoViolations(page, "the history of what was sent and heard");
});

test("what was played without sound, faster or in a hidden tab is told as that", async ({ page, signInAs }) => {
  const id = await playableCall(page.request, { unit: "suporte" }, longCall(600));
  await signInAs("supervisor");
  const mute = () => page.getByRole("button", { name: "Silenciar" }).click();
  expect((await playAndLeave(page, id, 4, mute)).heard).toMatch(/00:\d\d–00:\d\d \(sem som\)$/);

  const faster = async () => void (await page.getByLabel("Velocidade").selectOption("2"));
  expect((await playAndLeave(page, id, 6, faster)).heard).toMatch(/00:\d\d–00:\d\d \(a 2×\)$/);

  // Headless Chromium hides no tab: the page is told that it is hidden.
  const hide = () =>
    page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  expect((await playAndLeave(page, id, 4, hide)).heard).toMatch(/00:\d\d–00:\d\d \(aba oculta\)$/);
});

test("a grant works only in its own session, and a refusal is an audit event", async ({
  page,
  signInAs,
  anotherBrowser,
}) => {
  const id = await playableCall(page.request, { unit: "suporte" }, stereo(), "audio/mpeg");
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  const [{ url }] = await Promise.all([nextGrant(page), play(page)]);
  await expectToAdvancePast(page, 0.3);
  const range = { headers: { range: "bytes=0-1" } };
  expect((await page.request.get(url, range)).status()).toBe(206);

  const dpo = await anotherBrowser("dpo");
  expect((await dpo.request.get(url, range)).status()).toBe(403);
  const otherSession = await anotherBrowser("supervisor");
  expect((await otherSession.request.get(url, range)).status()).toBe(403);
  const nobody = await anotherBrowser();
  expect((await nobody.request.get(url, range)).status()).toBe(401);

  await page.getByRole("button", { name: /^Menu de/ }).click();
  await page.getByRole("button", { name: "Sair" }).click();
  await expect(page).toHaveURL("/sign-in");
  expect((await page.request.get(url, range)).status()).toBe(401);

  const auditor = await anotherBrowser("auditor");
  await auditor.goto(`/recordings/${id}`);
  const history = auditor.getByRole("region", { name: "Histórico" });
  await expect(history.getByText(`A reprodução da gravação por ${signInOf("dpo").name} foi recusada`)).toBeVisible();
  await expect(history.getByText("Negado").first()).toBeVisible();
});

test("the DPO downloads the file as received; a supervisor cannot", async ({ page, signInAs, anotherBrowser }) => {
  const audio = fixture("call-08-wav-alaw-stereo.wav");
  const id = await playableCall(page.request, { unit: "suporte" }, audio);
  await signInAs("dpo");
  await page.goto(`/recordings/${id}`);
  await page.getByRole("button", { name: "Baixar" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    statePurpose(page, { purpose: "Requisição do titular", reference: "LGPD-9", submit: "Baixar" }),
  ]);
  expect(download.suggestedFilename()).toBe(`${id}.wav`);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).equals(audio)).toBe(true);
  await page.reload();
  await expect(page.getByRole("region", { name: "Quem teve acesso" })).toContainText("Cópia baixada");

  const supervisor = await anotherBrowser("supervisor");
  await supervisor.goto(`/recordings/${id}`);
  await expect(supervisor.getByRole("button", { name: "Reproduzir" })).toBeVisible();
  await expect(supervisor.getByRole("button", { name: "Baixar" })).toHaveCount(0);
  const status = await supervisor.evaluate(async (path) => {
    const body = JSON.stringify({ purpose: "subject_request", reference: "LGPD-9" });
    return (await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body })).status;
  }, `/api/recordings/${id}/download-grants`);
  expect(status).toBe(403);
});

test("full, partial and HEAD responses carry their length", async ({ page, signInAs }) => {
  const audio = fixture("call-08-wav-alaw-stereo.wav");
  const id = await playableCall(page.request, { unit: "suporte" }, audio);
  await signInAs("supervisor");
  await page.goto(`/recordings/${id}`);
  const { url } = await page.evaluate(async (path) => {
    const body = JSON.stringify({ purpose: "quality_supervision", reference: "OS-1" });
    return (
      await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body })
    ).json() as Promise<{ url: string }>;
  }, `/api/recordings/${id}/playback-grants`);
  const lengthOf = async (method: "GET" | "HEAD", range?: string) => {
    const answer = await page.request.fetch(url, { method, headers: range ? { range } : {} });
    return [answer.status(), answer.headers()["content-length"], answer.headers()["x-body-length"]];
  };
  expect(await lengthOf("GET", "bytes=0-1")).toEqual([206, "2", undefined]);
  expect(await lengthOf("GET")).toEqual([200, String(audio.length), undefined]);
  expect(await lengthOf("HEAD")).toEqual([200, String(audio.length), undefined]);
});
