import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expectNoViolations } from "./setup/axe";
import { fixture, uploadCall } from "./setup/calls";
import { addJobs, expireUploadLinks } from "./setup/database";
import { expect, test, type Page } from "./setup/test";

const unique = () => randomUUID().slice(0, 8);

async function createUnit(page: Page, code: string): Promise<void> {
  await page.goto("/settings/units");
  await page.getByRole("button", { name: "Nova unidade" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Código").fill(code);
  await dialog.getByLabel("Nome").fill(`Unidade ${code}`);
  await dialog.getByRole("button", { name: "Criar unidade" }).click();
  await expect(page.getByRole("table").getByText(`Unidade ${code}`)).toBeVisible();
}

/** Creates a supervisor and returns the temporary password that is shown once. */
async function createSupervisor(page: Page, name: string, email: string, unit: string): Promise<string> {
  await page.goto("/users/new");
  await page.getByLabel("Nome completo").fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("checkbox", { name: unit }).check();
  await page.getByLabel("Como a pessoa recebe a senha").selectOption("temporary_password");
  await page.getByRole("button", { name: "Criar usuário" }).click();
  const secret = page.getByLabel(`Senha temporária de ${name}`);
  await expect(secret).toHaveValue(/\S{12,}/);
  return secret.inputValue();
}

test("an administrator creates a unit and a user, who chooses a password and loses access when deactivated", async ({
  page,
  signInAs,
  anotherBrowser,
}) => {
  const code = `u${unique()}`;
  const name = `Pessoa ${code}`;
  const email = `${code}@empresa.example`;
  await signInAs("admin");
  await createUnit(page, code);
  const temporary = await createSupervisor(page, name, email, `Unidade ${code}`);

  const theirs = await anotherBrowser({ email, password: temporary });
  await theirs.goto("/recordings");
  await expect(theirs).toHaveURL("/settings/password");
  await expect(theirs.getByText("Você entrou com uma senha temporária.")).toBeVisible();
  const own = "jabuticaba-no-telhado-7";
  await theirs.getByLabel("Senha temporária que você recebeu").fill(temporary);
  await theirs.getByLabel("Nova senha", { exact: true }).fill(own);
  await theirs.getByLabel("Repita a nova senha").fill(own);
  await theirs.getByRole("button", { name: "Trocar senha" }).click();
  await expect(theirs.getByText("Senha trocada.")).toBeVisible();
  await theirs.goto("/recordings");
  await expect(theirs.getByText("Nenhuma gravação ainda")).toBeVisible();

  await page.getByRole("link", { name: "Ver usuário" }).click();
  await expect(page.getByText(temporary)).toHaveCount(0);
  await page.getByRole("button", { name: "Desativar" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Desativar acesso" }).click();
  await expect(page.getByRole("button", { name: "Reativar" })).toBeVisible();
  await theirs.getByRole("link", { name: "Configurações" }).click();
  await expect(theirs).toHaveURL("/sign-in?next=%2Fsettings");
});

test("an API key is shown once and may only upload", async ({ page, signInAs, request }) => {
  const name = `Central ${unique()}`;
  await signInAs("admin");
  await page.goto("/settings/service-accounts");
  await page.getByRole("button", { name: "Nova conta de serviço" }).click();
  await page.getByRole("dialog").getByLabel("Nome").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Criar conta" }).click();
  await page.getByRole("button", { name: `Nova chave para ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Gerar chave" }).click();
  const shown = page.getByLabel("Chave de API");
  await expect(shown).toHaveValue(/^cust_/);
  const apiKey = await shown.inputValue();
  await page.getByRole("button", { name: "Já salvei a chave" }).click();
  await page.reload();
  expect(await page.content()).not.toContain(apiKey);

  const headers = { authorization: `Bearer ${apiKey}` };
  expect((await request.post("/api/recordings", { headers, data: {} })).status()).toBe(422);
  expect(
    (await request.post("/api/recordings", { headers: { authorization: `Bearer ${apiKey}x` }, data: {} })).status(),
  ).toBe(401);
  expect((await request.get("/api/audit-log/export?format=jsonl", { headers })).status()).toBe(403);
});

test("background jobs: the administrator sees them and retries what failed; nobody else does", async ({
  page,
  signInAs,
  anotherBrowser,
}) => {
  await addJobs();
  await signInAs("admin");
  await page.goto("/settings/jobs");
  const table = page.getByRole("table", { name: "Tarefas em segundo plano" });
  for (const state of ["Aguarda", "Em andamento", "Falhou"])
    await expect(table.getByText(state, { exact: true }).first()).toBeVisible();
  await expect(table.getByText("O armazenamento não respondeu.")).toBeVisible();
  await expectNoViolations(page, "the jobs");
  await page.getByLabel("Situação").selectOption({ label: "Falhou" });
  await page.getByRole("button", { name: "Aplicar" }).click();
  await expect(page).toHaveURL("/settings/jobs?state=failed");
  await expect(table.getByText("Aguarda", { exact: true })).toHaveCount(0);
  const retry = page.getByRole("button", { name: "Tentar de novo: Executar uma ordem de eliminação" });
  await retry.click();
  await expect(page.getByText("A tarefa voltou para a fila.", { exact: true })).toBeVisible();
  await expect(retry).toHaveCount(0);

  const dpo = await anotherBrowser("dpo");
  expect((await dpo.goto("/settings/jobs"))?.status()).toBe(403);
  await expect(dpo.getByRole("button", { name: /^Tentar de novo/ })).toHaveCount(0);
});

test("retention: the administrator edits policies, the auditor reads them", async ({
  page,
  signInAs,
  anotherBrowser,
}) => {
  await signInAs("admin");
  await page.goto("/retention/policies");
  await expect(page.getByRole("link", { name: "Nova política" })).toBeVisible();
  await page.getByRole("table", { name: "Políticas" }).getByRole("link", { name: "Atendimento sem regulação" }).click();
  await expect(page.getByRole("spinbutton", { name: "Eliminar após" })).toHaveValue("180");

  const auditor = await anotherBrowser("auditor");
  await auditor.goto("/retention/policies");
  await expect(auditor.getByRole("table", { name: "Políticas" }).getByText("Atendimento sem regulação")).toBeVisible();
  await expect(auditor.getByRole("link", { name: "Nova política" })).toHaveCount(0);
  await auditor
    .getByRole("table", { name: "Políticas" })
    .getByRole("link", { name: "Atendimento sem regulação" })
    .click();
  await expect(auditor.getByRole("heading", { name: "Histórico" })).toBeVisible();
  await expect(auditor.getByRole("button", { name: "Ver o efeito" })).toHaveCount(0);
  expect((await auditor.goto("/retention/policies/new"))?.status()).toBe(403);
});

test("a retention run is shown, and deleted recordings cannot be played", async ({ page, signInAs, request }) => {
  const call = { unit: "suporte", startedAt: "1996-03-01T15:00:00Z", acceptDue: true };
  await uploadCall(request, call, fixture("other-aac.m4a"), "audio/mp4");
  await expireUploadLinks();
  const run = await request.get("/api/cron/retention", {
    headers: { authorization: `Bearer ${process.env.CRON_SECRET}` },
  });
  expect(run.status()).toBe(200);
  await signInAs("dpo");
  await page.goto("/retention/runs");
  await expect(page.getByRole("table", { name: "Execuções" }).getByText("Concluída").first()).toBeVisible();
  const { runId, deleted } = (await run.json()) as { runId: string; deleted: number };
  await page.locator(`a[href="/retention/runs/${runId}"]`).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Execução de/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Resultado", exact: true })).toContainText(`Eliminadas${deleted} · `);
  await page.goto("/recordings?state=deleted");
  await page.locator("tbody").getByRole("link").first().click();
  await expect(page.getByText(/Esta gravação foi eliminada em/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Reproduzir" })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Histórico" })).toContainText(
    "A gravação foi eliminada e sua ausência foi confirmada",
  );
  await downloadReceipt(page, "recording");
  await page.goto(`/retention/runs/${runId}`);
  await downloadReceipt(page, "run");
});

/** Downloads both forms of a page's receipt, once its events are sealed. */
async function downloadReceipt(page: Page, scope: "recording" | "run"): Promise<void> {
  const signed = page.getByRole("link", { name: "Certificado assinado (JSON)" });
  const href = await signed.getAttribute("href");
  await expect
    .poll(async () => (await page.request.get(href!, { headers: { origin: new URL(page.url()).origin } })).status(), {
      timeout: 30_000,
    })
    .toBe(200);
  const download = async (name: RegExp) => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
    return readFile((await file.path())!);
  };
  const lines = (await download(/JSON/)).toString().trimEnd().split("\n");
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({
    receipt: { type: "custodia.deletion-receipt.v1", scope },
    signature: expect.stringMatching(/^[0-9a-f]{128}$/),
  });
  expect((await download(/PDF/)).toString("latin1", 0, 5)).toBe("%PDF-");
}
