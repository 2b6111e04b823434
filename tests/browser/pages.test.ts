import { globSync } from "node:fs";
import path from "node:path";
import { expectNoViolations } from "./setup/axe";
import { mayOpen } from "../integration/matrix/expected";
import { isThorough } from "../support/seeds";
import { test, type PortalPage } from "./setup/portal-pages";
import { statePurpose } from "./setup/player";
import { expect, type Page, type SignInRole } from "./setup/test";
import { untranslated } from "./setup/watch-context";

const paths = Object.keys(mayOpen) as PortalPage[];
const roles = ["admin", "dpo", "supervisor", "auditor"] as const;
const may = (role: SignInRole, page: PortalPage) => (mayOpen[page] as readonly string[]).includes(role);

const looks = [
  { name: "desktop, pt-BR", locale: "pt-BR", size: { width: 1440, height: 900 } },
  { name: "phone, en", locale: "en", size: { width: 390, height: 844 } },
] as const;

type Look = { locale: "pt-BR" | "en"; size: { width: number; height: number } };

async function putOn(page: Page, { locale, size }: Look, url: string): Promise<void> {
  await page.setViewportSize(size);
  await page.context().addCookies([
    { name: "custodia-theme", value: "light", url },
    { name: "custodia-locale", value: locale, url },
  ]);
}

const themes = ["light", "dark"] as const;

/**
 * The looks and themes in which the page with this number is loaded and read by axe. A thorough run takes all of them;
 * otherwise a page has one, and its neighbours have the others.
 */
const looksOf = (number: number) => (isThorough ? looks : [looks[number % 2]!]);
const themesOf = (number: number) => (isThorough ? themes : [themes[Math.floor(number / 2) % 2]!]);

const putOnTheme = (page: Page, theme: string) =>
  page.evaluate((name) => {
    document.documentElement.classList.remove("light", "dark");
    document.documentElement.classList.add(name);
  }, theme);

/** Checks a page in one or both themes: no axe violation, no untranslated text, and no overflow on either screen. */
async function expectGoodPage(page: Page, what: string, [first, other]: readonly string[]): Promise<void> {
  await putOnTheme(page, first!);
  await expectNoViolations(page, `${what}, ${first}`);
  const text = await page.locator("body").innerText();
  expect(text.match(untranslated)?.[0], `${what}: a message key`).toBeUndefined();
  // Themes differ only in colours.
  if (other) await putOnTheme(page, other);
  if (other) await expectNoViolations(page, `${what}, ${other}`, ["color-contrast"]);
  const own = page.viewportSize()!;
  for (const { size } of looks) {
    await page.setViewportSize(size);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      `${what}: wider than a screen of ${size.width} pixels`,
    ).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(own);
}

test("every page of the portal is in the table of pages", () => {
  const folder = path.resolve(import.meta.dirname, "../../app/(portal)");
  const found = globSync("**/page.tsx", { cwd: folder }).map((file) => `/${path.dirname(file)}`);
  expect(found.sort()).toEqual([...paths].sort());
});

/** Pages without a sign-in, and the page of an address that no page has. */
const openPages = [
  ...(["/sign-in", "/reset-password", "/set-password", "/titular", "/titular/requisicao"] as const),
  ...(["/titular/acompanhamento", "/no-such-page"] as const),
];

/** Which role views which pages. Together they cover every page. */
const seen: Record<string, { role?: SignInRole; pages: (PortalPage | (typeof openPages)[number])[] }> = {
  "administrator, retention": {
    role: "admin",
    pages: paths.filter((one) => one.startsWith("/retention") && !one.startsWith("/retention/store-scan")),
  },
  administrator: {
    role: "admin",
    pages: paths.filter(
      (one) =>
        one !== "/audit-log" &&
        !["/recordings", "/retention", "/privacy-requests"].some((others) => one.startsWith(others)),
    ),
  },
  auditor: { role: "auditor", pages: ["/audit-log", "/recordings/[id]", "/retention", "/privacy-requests"] },
  DPO: {
    role: "dpo",
    pages: [
      "/recordings",
      "/recordings/[id]",
      "/privacy-requests",
      "/privacy-requests/new",
      "/privacy-requests/deadlines",
      "/privacy-requests/statistics",
      "/privacy-requests/[requestId]",
      "/retention/holds/new",
      "/retention/holds/[holdId]",
      "/retention/holds/[holdId]/extend",
      "/users",
      "/retention/store-scan",
      "/retention/store-scan/[findingId]",
    ],
  },
  supervisor: { role: "supervisor", pages: ["/retention"] },
  nobody: { pages: [...openPages] },
};

for (const [who, { role, pages }] of Object.entries(seen)) {
  test(`pages pass axe, are translated and fit: ${who}`, async ({ page, signInAs, addresses, baseURL }) => {
    test.slow();
    if (role) await signInAs(role);
    for (const [number, one] of pages.entries()) {
      const address = one in addresses ? addresses[one as PortalPage] : one;
      for (const look of looksOf(number)) {
        await putOn(page, look, baseURL!);
        await page.goto(address);
        await expect(page.locator("html")).toHaveAttribute("lang", look.locale);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectGoodPage(page, `${address}, ${look.name}`, themesOf(number));
      }
    }
  });
}

test("dialogs and menus pass axe", async ({ page, signInAs, addresses, baseURL }) => {
  test.slow();
  await signInAs("dpo");
  for (const { size } of looksOf(1)) {
    await putOn(page, { locale: "pt-BR", size }, baseURL!);
    await page.goto(addresses["/recordings/[id]"]);
    await page.getByRole("button", { name: "Reproduzir" }).click();
    await statePurpose(page, { reference: "529.982.247-25", submit: "Ouvir" });
    await expect(page.getByText("Isto parece um CPF.")).toBeVisible();
    await expectGoodPage(page, "the question of the purpose", themesOf(0));
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    await page.getByRole("button", { name: /^Menu de/ }).click();
    await expect(page.getByRole("button", { name: "Sair" })).toBeVisible();
    await expectGoodPage(page, "the user's menu", themesOf(2));
    await page.goto("/recordings?minSeconds=5&direction=outbound");
    await page.getByRole("button", { name: "Escolher colunas" }).click();
    await expect(page.getByRole("menuitemcheckbox").first()).toBeVisible();
    await expectGoodPage(page, "the choice of columns", themesOf(4));
    await page.keyboard.press("Escape");
    await page.getByLabel("Selecionar todas").check();
    await expectGoodPage(page, "ticked recordings", themesOf(6));
    await page.goto(addresses["/retention/holds/[holdId]"]);
    await page.getByRole("button", { name: "Editar" }).click();
    await expect(page.getByRole("dialog").getByLabel("Motivo")).toBeVisible();
    await expectGoodPage(page, "the form of a hold", themesOf(8));
    await page.goto(addresses["/retention/holds/[holdId]/extend"]);
    await page.getByLabel("De", { exact: true }).fill("2020-01-01");
    await page.getByRole("button", { name: "Ver o efeito" }).first().click();
    await expect(page.getByRole("heading", { name: "Gravações a incluir" })).toBeFocused();
    await expectGoodPage(page, "what an extension adds", themesOf(10));
  }
});

for (const role of roles) {
  test(`${role}: the pages that the role matrix gives it open, the others are forbidden`, async ({
    page,
    signInAs,
    addresses,
  }) => {
    test.slow();
    await signInAs(role);
    const answers: Record<string, number> = {};
    for (const one of paths) answers[one] = (await page.request.get(addresses[one], { maxRedirects: 0 })).status();
    expect(answers).toEqual(Object.fromEntries(paths.map((one) => [one, may(role, one) ? 200 : 403])));

    await page.goto("/recordings");
    const links = await page
      .getByRole("navigation", { name: "Navegação principal" })
      .getByRole("link")
      .evaluateAll((found) => found.map((link) => link.getAttribute("href")));
    const entries = [
      ...["/recordings", "/privacy-requests", "/retention", "/audit-log"],
      ...["/compliance", "/users", "/settings"],
    ] as const;
    const offered = entries.filter((one) => may(role, one));
    expect(links.filter((link) => link !== "/")).toEqual(offered);
    const forbidden = paths.find((one) => !may(role, one));
    if (forbidden) {
      await page.goto(addresses[forbidden]);
      await expect(page.getByRole("heading", { level: 1, name: "Sem permissão" })).toBeVisible();
    }
  });
}

test("no page is visible before signing in", async ({ page, addresses }) => {
  for (const one of paths) {
    const answer = await page.request.get(addresses[one], { maxRedirects: 0 });
    expect([answer.status(), new URL(answer.headers().location ?? "/", "http://portal").pathname], one).toEqual([
      307,
      "/sign-in",
    ]);
  }
});
