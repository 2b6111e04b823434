import type { BrowserContext } from "@playwright/test";
import { expectNoViolations } from "./setup/axe";
import { fixture, playableCall } from "./setup/calls";
import { play } from "./setup/player";
import { expect, signInOf, test } from "./setup/test";

const languages = [
  { locale: "pt-BR", password: "Senha", show: "Mostrar o que foi digitado", submit: "Entrar" },
  { locale: "en", password: "Password", show: "Show what is typed", submit: "Sign in" },
] as const;

const forgetSession = (context: BrowserContext) => context.clearCookies({ name: /session-token$/ });

for (const { locale, password, show, submit } of languages)
  test(`${locale}: the sign-in leads back to the page with its filters`, async ({ anotherBrowser }) => {
    const page = await anotherBrowser(undefined, { locale });
    const { email, ...own } = signInOf("supervisor");
    await page.goto("/recordings?state=stored&direction=inbound");
    await expect(page).toHaveURL("/sign-in?next=%2Frecordings%3Fstate%3Dstored%26direction%3Dinbound");
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel(password, { exact: true }).fill(own.password);
    const button = page.getByRole("button", { name: show });
    await expect(button).toHaveAttribute("aria-pressed", "false");
    await page.keyboard.press("Tab");
    await expect(button).toBeFocused();
    await page.keyboard.press("Space");
    await expect(button).toHaveAttribute("aria-pressed", "true");
    await expect(page.getByLabel(password, { exact: true })).toHaveAttribute("type", "text");
    await expectNoViolations(page, "sign-in");
    await page.getByRole("button", { name: submit, exact: true }).click();
    await expect(page).toHaveURL("/recordings?state=stored&direction=inbound");
  });

test("no address of another site is a page to return to", async ({ anotherBrowser }) => {
  const page = await anotherBrowser("dpo");
  for (const next of ["//evil.example", "/\\evil.example", "/%5Cevil.example", "https://evil.example"]) {
    await page.goto(`/sign-in?${new URLSearchParams({ next })}`);
    await expect(page).toHaveURL("/recordings");
  }
});

test("a form of an ended session offers the sign-in in another tab, and is sent again after it", async ({
  anotherBrowser,
}) => {
  const page = await anotherBrowser("dpo");
  await page.goto("/settings/password");
  await forgetSession(page.context());
  await page.getByLabel("Senha atual").fill("qualquer-coisa");
  await page.getByLabel("Nova senha", { exact: true }).fill("ladrilho-hidraulico-9");
  await page.getByLabel("Repita a nova senha").fill("ladrilho-hidraulico-9");
  await page.getByRole("button", { name: "Trocar senha" }).click();
  const link = page.getByRole("link", { name: "Entrar em outra aba" });
  const [tab] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
  await expect(tab).toHaveURL("/sign-in?next=%2Fsettings%2Fpassword");
  await expect(page.getByLabel("Senha atual")).toHaveValue("qualquer-coisa");
});

test("the player offers the sign-in after an ended session, and the page begins where it was", async ({
  anotherBrowser,
}) => {
  const supervisor = signInOf("supervisor");
  const page = await anotherBrowser("supervisor");
  const id = await playableCall(page.request, { unit: "suporte" }, fixture("call-17-mp3-stereo.mp3"), "audio/mpeg");
  await page.goto(`/recordings/${id}`);
  const slider = page.getByRole("slider", { name: "Posição na gravação" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const position = (await slider.getAttribute("aria-valuetext"))!;
  expect(position).not.toMatch(/^0 segundos/);
  await forgetSession(page.context());
  await play(page);
  await page.getByRole("link", { name: "Entrar de novo" }).click();
  await page.getByLabel("E-mail").fill(supervisor.email);
  await page.getByLabel("Senha", { exact: true }).fill(supervisor.password);
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
  await expect(page).toHaveURL(/\/recordings\/[0-9a-f-]{36}\?at=\d+$/);
  await expect(page.getByRole("slider", { name: "Posição na gravação" })).toHaveAttribute("aria-valuetext", position);
});
