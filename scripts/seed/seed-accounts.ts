import { randomInt } from "node:crypto";
import { generate } from "otplib";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { jobContext } from "@/lib/operation/job-context";
import { changeOwnPassword } from "@/lib/access/account/change-own-password";
import type { Role } from "@/lib/operation/actor";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { startSession } from "@/lib/access/sign-in/start-session";
import { startSessionByTicket } from "@/lib/access/sign-in/start-session-by-ticket";
import { beginTotpEnrolment } from "@/lib/access/second-factor/begin-totp-enrolment";
import { completeSecondStep } from "@/lib/access/second-factor/complete-second-step";
import { confirmTotpEnrolment } from "@/lib/access/second-factor/confirm-totp-enrolment";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { bootstrapAdmin } from "@/lib/access/users/bootstrap-admin";
import { createUser } from "@/lib/access/users/create-user";
import { listUsers } from "@/lib/access/users/list-users";
import { resetUserPassword } from "@/lib/access/users/reset-user-password";

type SignIn = {
  role: Role;
  email: string;
  name: string;
  units: string[];
  password: string;
  /** Of the authenticator app, once it is enrolled: base32. */
  totpSecret?: string;
};

type SaveSecret = (email: string, totpSecret: string) => void;

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
  const signIns = readOrCreate(file) as [SignIn, ...SignIn[]];
  const [adminSignIn, ...others] = signIns;
  const saveSecret: SaveSecret = (email, totpSecret) => {
    Object.assign(
      signIns.find((signIn) => signIn.email === email)!,
      { totpSecret },
    );
    write(file, signIns);
  };
  const admin =
    (await tryToSignIn(adminSignIn, saveSecret)) ??
    (await firstSignIn(adminSignIn, (await bootstrapAdmin(setUp(), adminSignIn)).temporaryPassword, saveSecret));
  const unitIds = await seedUnits(admin);
  const known = await listUsers(admin, { limit: 100 });
  for (const signIn of others) {
    const existing = known.users.find((user) => user.email === signIn.email);
    if (existing && !existing.mustChangePassword) {
      // The run before was interrupted between password and second factor, or was of an earlier version.
      if (signIn.role === "dpo" && !existing.hasSecondFactor) await tryToSignIn(signIn, saveSecret);
      continue;
    }
    const ids = signIn.units.map((code) => unitIds.get(code)!);
    const { temporaryPassword } = existing
      ? await resetUserPassword(admin, { userId: existing.id, access: "temporary_password" })
      : await createUser(admin, { ...signIn, unitIds: ids, access: "temporary_password" });
    await firstSignIn(signIn, temporaryPassword!, saveSecret);
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
  write(file, signIns);
  return signIns;
}

function write(file: string, signIns: SignIn[]): void {
  writeFileSync(`${file}.part`, signIns.map((signIn) => `${JSON.stringify(signIn)}\n`).join(""), { mode: 0o600 });
  renameSync(`${file}.part`, file);
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

/** Generates a password of four different words and two digits, which is easy to type. */
function memorablePassword(): string {
  const left = [...words];
  const word = () => left.splice(randomInt(left.length), 1)[0]!;
  return `${word()}-${word()}-${word()}-${word()}-${randomInt(10, 100)}`;
}

async function tryToSignIn(signIn: SignIn, save: SaveSecret): Promise<OperationContext | null> {
  try {
    return await enrolIfDue(await signedIn(signIn), signIn, save);
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_credentials") return null;
    throw error;
  }
}

/** Signs in with the temporary password, replaces it and enrols a second factor if one is due, as a new user does. */
async function firstSignIn(signIn: SignIn, temporaryPassword: string, save: SaveSecret): Promise<OperationContext> {
  const { password } = signIn;
  const context = await signedIn({ ...signIn, password: temporaryPassword });
  await changeOwnPassword(context, {
    currentPassword: temporaryPassword,
    newPassword: password,
    repeatedPassword: password,
  });
  return enrolIfDue(await signedIn(signIn), signIn, save);
}

async function enrolIfDue(changed: OperationContext, { email }: SignIn, save: SaveSecret): Promise<OperationContext> {
  if (changed.actor.type !== "user" || !changed.actor.mustEnrolSecondFactor) return changed;
  const { secret } = await beginTotpEnrolment(changed, {});
  save(email, secret);
  await confirmTotpEnrolment(changed, { code: await generate({ secret }) });
  return resolved(changed.actor.sessionId);
}

async function signedIn(signIn: SignIn): Promise<OperationContext> {
  const { sessionId } = await startSession(anonymous(), signIn).catch((error: unknown) => secondStep(error, signIn));
  return resolved(sessionId);
}

/** Codes are used once: where this one was, the next one is. */
async function secondStep(error: unknown, { totpSecret }: SignIn): Promise<{ sessionId: string }> {
  const challenge = error instanceof AppError ? error.details.secondStep?.challenge : undefined;
  if (!challenge || !totpSecret) throw error;
  for (const seconds of [0, 30]) {
    const code = await generate({ secret: totpSecret, epoch: Math.floor(Date.now() / 1000) + seconds });
    const done = await completeSecondStep(anonymous(), { challenge, method: "totp", code }).catch(() => null);
    if (done) return startSessionByTicket(anonymous(), { token: done.ticket });
  }
  throw new Error("the codes of the example account were used a moment ago: try again in a minute");
}

async function resolved(sessionId: string): Promise<OperationContext> {
  const user = await resolveSession(sessionId);
  if (!user) throw new Error("the session just started is not valid");
  return { actor: user.actor, requestId: newId(), ipAddress: null };
}
