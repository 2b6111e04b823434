import { randomInt } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { jobContext } from "@/lib/operation/job-context";
import { changeOwnPassword } from "@/lib/access/account/change-own-password";
import type { Role } from "@/lib/operation/actor";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { startSession } from "@/lib/access/sign-in/start-session";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { bootstrapAdmin } from "@/lib/access/users/bootstrap-admin";
import { createUser } from "@/lib/access/users/create-user";
import { listUsers } from "@/lib/access/users/list-users";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";

type SignIn = { role: Role; email: string; name: string; units: string[]; password: string };

const people: Omit<SignIn, "password">[] = [
  { role: "admin", email: "admin@custodia.example", name: "Ana Administração", units: [] },
  { role: "dpo", email: "dpo@custodia.example", name: "Davi Encarregado", units: [] },
  {
    role: "supervisor",
    email: "supervisora@custodia.example",
    name: "Sônia Supervisão",
    units: ["suporte", "cobranca"],
  },
  { role: "supervisor", email: "supervisor.clinica@custodia.example", name: "Caio Clínica", units: ["clinica"] },
  { role: "auditor", email: "auditoria@custodia.example", name: "Alice Auditoria", units: [] },
];

const anonymous = (): OperationContext => ({ actor: { type: "anonymous" }, requestId: newId(), ipAddress: null });
const setUp = (): OperationContext => jobContext("set-up");

/**
 * Creates the example accounts with the passwords of the sign-ins file, which it writes first. Safe to interrupt: the
 * next run creates what is missing.
 */
export async function seedAccounts(
  file: string,
  seedUnits: (admin: OperationContext) => Promise<Map<string, string>>,
): Promise<{ admin: OperationContext }> {
  const [adminSignIn, ...others] = readOrCreate(file) as [SignIn, ...SignIn[]];
  const admin =
    (await tryToSignIn(adminSignIn)) ??
    (await firstSignIn(adminSignIn, (await bootstrapAdmin(setUp(), adminSignIn)).temporaryPassword));
  const unitIds = await seedUnits(admin);
  const known = await listUsers(admin, { limit: 100 });
  for (const signIn of others) {
    const existing = known.users.find((user) => user.email === signIn.email);
    if (existing && !existing.mustChangePassword) continue;
    const ids = signIn.units.map((code) => unitIds.get(code)!);
    const { temporaryPassword } = existing
      ? await resetUserPassword(admin, { userId: existing.id })
      : await createUser(admin, { ...signIn, unitIds: ids });
    await firstSignIn(signIn, temporaryPassword);
  }
  return { admin };
}

function readOrCreate(file: string): SignIn[] {
  if (existsSync(file))
    return readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as SignIn);
  const signIns = people.map((person) => ({ ...person, password: memorablePassword() }));
  writeFileSync(`${file}.part`, signIns.map((signIn) => `${JSON.stringify(signIn)}\n`).join(""), { mode: 0o600 });
  renameSync(`${file}.part`, file);
  return signIns;
}

const words = [
  "ipe",
  "jatoba",
  "caju",
  "sabia",
  "garoa",
  "sertao",
  "maresia",
  "jangada",
  "araucaria",
  "cerrado",
  "pitanga",
  "viola",
  "farol",
  "trilho",
  "neblina",
  "cantiga",
];

/** Generates a password of four words and two digits, which is easy to type. */
function memorablePassword(): string {
  const word = () => words[randomInt(words.length)]!;
  return `${word()}-${word()}-${word()}-${word()}-${randomInt(10, 100)}`;
}

async function tryToSignIn({ email, password }: SignIn): Promise<OperationContext | null> {
  try {
    return await signedIn(email, password);
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_credentials") return null;
    throw error;
  }
}

/** Signs in with the temporary password and replaces it, as a new user does. */
async function firstSignIn({ email, password }: SignIn, temporaryPassword: string): Promise<OperationContext> {
  const context = await signedIn(email, temporaryPassword);
  await changeOwnPassword(context, {
    currentPassword: temporaryPassword,
    newPassword: password,
    repeatedPassword: password,
  });
  return signedIn(email, password);
}

async function signedIn(email: string, password: string): Promise<OperationContext> {
  const { sessionId } = await startSession(anonymous(), { email, password });
  const user = await resolveSession(sessionId);
  if (!user) throw new Error("the session just started is not valid");
  return { actor: user.actor, requestId: newId(), ipAddress: null };
}
