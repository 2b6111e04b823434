import { expect } from "@playwright/test";
import { mayOpen } from "../../integration/matrix/expected";
import { findDifference } from "./find-difference";
import { signInContext, signInOf, test as portalTest, type Page } from "./test";

export type PortalPage = keyof typeof mayOpen;

type PageAddresses = Record<PortalPage, string>;

/** The test of the portal, with the address of each page. A worker finds the addresses once. */
export const test = portalTest.extend<object, { addresses: PageAddresses }>({
  addresses: [
    async ({ browser }, provide) => {
      const context = await browser.newContext({ baseURL: process.env.PORTAL_URL, locale: "pt-BR" });
      const addresses = await pageAddresses(await context.newPage());
      await context.close();
      await provide(addresses);
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

/** The addresses of the pages, with seeded data: a call of the first supervisor, a policy, a user. */
async function pageAddresses(page: Page): Promise<PageAddresses> {
  await signInContext(page.context(), signInOf("admin"));
  const first = async (list: string, link: RegExp) => {
    await page.goto(list);
    const hrefs = await page
      .locator("main a")
      .evaluateAll((links) => links.map((element) => element.getAttribute("href") ?? ""));
    const found = hrefs.find((href) => link.test(href));
    expect(found, `a link on ${list}`).toBeDefined();
    return found!;
  };
  const units = await page
    .goto("/recordings")
    .then(() => page.getByLabel("Unidade").locator("option", { hasText: "Suporte" }).getAttribute("value"));
  const addresses = Object.fromEntries(Object.keys(mayOpen).map((path) => [path, path])) as PageAddresses;
  const recording = await first(`/recordings?state=stored&unitId=${units}`, /^\/recordings\/[0-9a-f-]{36}$/);
  const newHold = `/retention/holds/new?recording=${recording.split("/").at(-1)!}`;
  const hold = await placeHold(page, newHold);
  const request = await registerRequest(page);
  return {
    ...addresses,
    "/recordings/[id]": recording,
    "/retention/holds/new": newHold,
    "/retention/holds/[holdId]": hold,
    "/retention/holds/[holdId]/extend": `${hold}/extend`,
    "/retention/store-scan/[findingId]": await findDifference(page),
    "/retention/runs/[runId]": await runRetention(page),
    "/retention/policies/[policyId]": await first("/retention/policies", /^\/retention\/policies\/[0-9a-f-]{36}$/),
    "/privacy-requests/[requestId]": request,
    "/privacy-requests/[requestId]/recordings": `${request}/recordings`,
    "/privacy-requests/[requestId]/recordings/[recordingId]": `${request}${recording}`,
    "/privacy-requests/[requestId]/decisions": `${request}/decisions`,
    "/compliance/incidents/[incidentId]": await registerIncident(page),
    "/compliance/documents/[kind]": "/compliance/documents/processing",
    "/compliance/[control]": "/compliance/portal_by_https",
    "/users/[userId]": await first("/users", /^\/users\/[0-9a-f-]{36}$/),
  };
}

/** Registers a request as the DPO, through the form. Every field has a value that it may be sent with. */
async function registerRequest(page: Page): Promise<string> {
  await signInContext(page.context(), signInOf("dpo"));
  await page.goto("/privacy-requests/new");
  await page.getByLabel("Nome do titular").fill("Maria Aparecida de Souza");
  await page.getByLabel("Telefones usados nas chamadas").fill("(11) 98765-4321");
  await page.getByLabel("Confirmação da existência de tratamento").check();
  await page.getByLabel("Declaração completa").check();
  await page.getByLabel("Endereço da resposta").fill("maria@example.com");
  await page.getByRole("button", { name: "Registrar" }).click();
  await page.waitForURL(/\/privacy-requests\/[0-9a-f]{8}-/);
  const { pathname } = new URL(page.url());
  await signInContext(page.context(), signInOf("admin"));
  return pathname;
}

/** Registers an incident as the administrator, through the form. */
async function registerIncident(page: Page): Promise<string> {
  await page.goto("/compliance/incidents/new");
  await page.getByLabel("O que aconteceu").fill("Notebook de atendente furtado");
  await page.getByRole("button", { name: "Registrar incidente" }).click();
  await page.waitForURL(/\/compliance\/incidents\/[0-9a-f]{8}-/);
  return new URL(page.url()).pathname;
}

/** Starts a retention run as the scheduler does. */
async function runRetention(page: Page): Promise<string> {
  const answer = await page.request.get("/api/cron/retention?limitSeconds=5", {
    headers: { authorization: `Bearer ${process.env.CRON_SECRET}` },
  });
  expect(answer.status()).toBe(200);
  return `/retention/runs/${((await answer.json()) as { runId: string }).runId}`;
}

/** Places a hold as the supervisor, through the form, so that every role may open it. */
async function placeHold(page: Page, form: string): Promise<string> {
  await signInContext(page.context(), signInOf("supervisor"));
  await page.goto(form);
  await page.getByLabel("Processo ou causa").fill("Processo 0001234-55.2026");
  await page.getByLabel("Motivo").fill("Ação em curso");
  await page.getByLabel("Revisar até").fill("2099-01-31");
  await page.getByRole("button", { name: "Aplicar preservação legal" }).click();
  await page.waitForURL(/\/retention\/holds\/[0-9a-f]{8}-/);
  const { pathname } = new URL(page.url());
  await signInContext(page.context(), signInOf("admin"));
  return pathname;
}
