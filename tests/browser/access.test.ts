import { randomUUID } from "node:crypto";
import { expectNoViolations } from "./setup/axe";
import { linkByMail } from "./setup/mailbox";
import { expect, test } from "./setup/test";

const password = "ladrilho-hidraulico-9";

const languages = [
  {
    locale: "pt-BR",
    words: {
      ...{ forgot: "Esqueci a senha", send: "Enviar link", sent: /enviamos um link/, heading: "Definir a senha" },
      ...{ fresh: "Nova senha", repeat: "Repita a nova senha", save: "Definir senha", toSignIn: "Ir à entrada" },
      ...{ password: "Senha", signIn: "Entrar", before: /entrada anterior/, sessions: "Sessões", own: "Esta sessão" },
      ...{ endOthers: "Encerrar as outras sessões", used: /já foi usado, expirou/ },
    },
  },
  {
    locale: "en",
    words: {
      ...{ forgot: "Forgot the password", send: "Send link", sent: /we have sent a link/, heading: "Set the password" },
      ...{ fresh: "New password", repeat: "Repeat the new password", save: "Set password" },
      ...{ toSignIn: "Go to the sign-in", password: "Password", signIn: "Sign in", before: /sign-in before this one/ },
      ...{
        sessions: "Sessions",
        own: "This session",
        endOthers: "End the other sessions",
        used: /was used, has expired/,
      },
    },
  },
] as const;

for (const { locale, words } of languages)
  test(`${locale}: invited by mail, signed in, password reset by mail, sessions ended`, async ({ anotherBrowser }) => {
    const [email, name] = [`${randomUUID()}@empresa.example`, "Pessoa Convidada"];
    const admin = await anotherBrowser("admin");
    await admin.goto("/users/new");
    await admin.getByLabel("Nome completo").fill(name);
    await admin.getByLabel("E-mail", { exact: true }).fill(email);
    await admin.getByLabel("Perfil").selectOption("auditor");
    await expectNoViolations(admin, "new user");
    await admin.getByRole("button", { name: "Criar usuário" }).click();
    await expect(admin.getByText(`Um link foi enviado a ${name}`)).toBeVisible();
    await admin.getByRole("link", { name: "Ver usuário" }).click();
    await expect(admin.getByText("Convite enviado").first()).toBeVisible();
    await expectNoViolations(admin, "invited user");

    const page = await anotherBrowser(undefined, { locale });
    const invitation = await linkByMail(email);
    await page.goto(invitation);
    await expect(page).toHaveURL("/set-password");
    await expect(page.getByRole("heading", { name: words.heading })).toBeVisible();
    await page.getByLabel(words.fresh, { exact: true }).fill(password);
    await page.getByLabel(words.repeat).fill(password);
    await expectNoViolations(page, "set password");
    await page.getByRole("button", { name: words.save }).click();
    await page.getByRole("link", { name: words.toSignIn }).click();

    const signIn = async (secret: string) => {
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel(words.password, { exact: true }).fill(secret);
      await page.getByRole("button", { name: words.signIn, exact: true }).click();
    };
    await signIn(password);
    await expect(page).toHaveURL("/audit-log");
    const elsewhere = await anotherBrowser({ email, password }, { locale });
    await page.goto("/settings");
    const list = page.getByRole("region", { name: words.sessions });
    await expect(list.getByRole("listitem")).toHaveCount(2);
    await expect(list.getByText(words.own)).toHaveCount(1);
    await expectNoViolations(page, "sessions");
    await list.getByRole("button", { name: words.endOthers }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: words.endOthers }).click();
    await expect(list.getByRole("listitem")).toHaveCount(1);
    await elsewhere.goto("/settings");
    await expect(elsewhere).toHaveURL("/sign-in?next=%2Fsettings");

    await elsewhere.getByRole("link", { name: words.forgot }).click();
    await expect(elsewhere).toHaveURL("/reset-password");
    await elsewhere.getByLabel("E-mail").fill(email);
    await expectNoViolations(elsewhere, "reset");
    await elsewhere.getByRole("button", { name: words.send }).click();
    await expect(elsewhere.getByText(words.sent)).toBeVisible();
    const reset = await linkByMail(email, invitation);
    await elsewhere.goto(reset);
    await elsewhere.getByLabel(words.fresh, { exact: true }).fill(`${password}-outra`);
    await elsewhere.getByLabel(words.repeat).fill(`${password}-outra`);
    await elsewhere.getByRole("button", { name: words.save }).click();
    await elsewhere.getByRole("link", { name: words.toSignIn }).click();
    await expect(elsewhere).toHaveURL("/sign-in");
    await elsewhere.goto(reset);
    await expect(elsewhere.getByText(words.used)).toBeVisible();

    await page.goto("/settings");
    await expect(page).toHaveURL("/sign-in?next=%2Fsettings");
    await signIn(`${password}-outra`);
    await expect(page).toHaveURL("/settings");
    await expect(page.getByText(words.before).first()).toBeVisible();
  });
