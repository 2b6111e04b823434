import { createHash, randomBytes } from "node:crypto";
import { expect } from "@playwright/test";
import postgres from "postgres";

let connection: postgres.Sql | undefined;

/** The database of the portal under test, for changes that otherwise need time to pass. */
const sql = (): postgres.Sql =>
  (connection ??= postgres(process.env.DATABASE_URL!, { max: 1, idle_timeout: 5, onnotice: () => {} }));

/** Expires a grant now. */
export async function expireGrant(grantId: string): Promise<void> {
  const rows = await sql()`update playback_grants set expires_at = now() where id = ${grantId} returning id`;
  expect(rows).toHaveLength(1);
}

/** Expires the upload links of stored recordings: while links are valid, retention deletes none of their recordings. */
export async function expireUploadLinks(): Promise<void> {
  await sql()`update upload_tickets set expires_at = now() - interval '1 day'
    where closed_at is not null and expires_at > now() - interval '1 day'`;
}

/** Ends the doubt about the date of one stored recording: the next retention run deletes it if that is past. */
export async function makeDue(recordingId: string): Promise<void> {
  await sql()`update recordings set date_doubt = null where id = ${recordingId}`;
  await sql()`update upload_tickets set expires_at = now() - interval '8 days' where recording_id = ${recordingId}`;
}

/** Marks one stored recording for deletion, as a deletion order does, and leaves it so. */
export async function markDeleting(recordingId: string): Promise<void> {
  await sql()`update recordings set state = 'deleting', deleting_at = now(), deletion_reason = 'deletion_order',
    deletion_retry_at = now() + interval '1 day' where id = ${recordingId} and state = 'stored'`;
}

/** The state of a recording. */
export async function stateOf(recordingId: string): Promise<string> {
  return (await sql()`select state from recordings where id = ${recordingId}`)[0]!.state as string;
}

/**
 * Simulates that no retention run has finished for 27 hours, until the returned function is called: inserts a run that
 * counts as the last one, even if others run meanwhile.
 */
export async function overdueRetention(): Promise<() => Promise<void>> {
  const id = crypto.randomUUID();
  await sql()`insert into retention_runs (id, state, started_at, progress_at, finished_at)
    values (${id}, 'finished', now() + interval '1 hour', now(), now() - interval '27 hours')`;
  return async () => {
    await sql()`delete from retention_runs where id = ${id}`;
  };
}

/**
 * Adds a job that waits, one that runs and the only one that failed for good. No runner takes the first two before the
 * year 2099; the third has nothing to do.
 */
export async function addJobs(): Promise<void> {
  const id = () => crypto.randomUUID();
  const job = (kind: string, columns: { run_at: Date; leased_until?: Date; dead_at?: Date; last_error?: string }) =>
    sql()`insert into jobs ${sql()({ id: id(), kind, key: id(), payload: sql().json({ orderId: id() }), ...columns })}`;
  const later = new Date("2099-01-31T12:00:00Z");
  await sql()`delete from jobs where dead_at is not null`;
  await job("webhook", { run_at: later });
  await job("waveform", { run_at: later, leased_until: later });
  await job("deletion_order", { run_at: new Date(), dead_at: new Date(), last_error: "store_unavailable" });
}

/** Waits until the background job has measured a recording. */
export async function waitForWaveform(recordingId: string): Promise<void> {
  const state = async () =>
    (await sql()`select waveform_state from recordings where id = ${recordingId}`)[0]?.waveform_state as string;
  await expect.poll(state, { timeout: 60_000, intervals: [100] }).not.toBe("waiting");
}

/** Waits until the background job has made the playable copy of a recording. */
export async function waitForCopy(recordingId: string): Promise<void> {
  const state = async () =>
    (await sql()`select state from playable_copies where recording_id = ${recordingId}`)[0]?.state as string;
  await expect.poll(state, { timeout: 60_000, intervals: [100] }).toBe("ready");
}

/** Sets back a copy that was made: as if no job had taken it yet, or as if ffmpeg had failed. No job takes it. */
export async function setCopyState(recordingId: string, state: "waiting" | "failed"): Promise<void> {
  const rows = await sql()`update playable_copies
    set state = ${state}, failure_code = ${state === "failed" ? "program_failed" : null}
    where recording_id = ${recordingId} and state = 'ready' returning recording_id`;
  expect(rows).toHaveLength(1);
}

/** The object key of a recording. */
export async function objectKeyOf(recordingId: string): Promise<string> {
  return (await sql()`select object_key from recordings where id = ${recordingId}`)[0]!.object_key as string;
}

/** Lets an hour pass for the one-time codes of a request: another may be sent at once. */
export async function ageCodes(protocol: string): Promise<void> {
  await sql()`update subject_request_codes set created_at = created_at - interval '1 hour',
      expires_at = expires_at - interval '1 hour'
    where request_id = (select id from subject_requests where protocol = ${protocol.replaceAll(/\D/g, "")})`;
}

/** Another DPO, with the password of the one of that address, approves what the first decides. */
export async function addSubstitute(of: string): Promise<string> {
  const email = "substituta@custodia.example";
  const person = { id: crypto.randomUUID(), email, name: "Sílvia Substituta" };
  await sql()`insert into users select (jsonb_populate_record(dpo, ${sql().json(person)})).* from users dpo
    where email = ${of} on conflict do nothing`;
  await giveFactorOf(of, email);
  return email;
}

/** Gives a person the authenticator app of another one, unless they have one. */
export async function giveFactorOf(of: string, email: string): Promise<void> {
  await sql()`insert into totp_factors (id, user_id, secret_encrypted, confirmed_at)
    select ${crypto.randomUUID()}, person.id, factor.secret_encrypted, now()
    from users person, totp_factors factor join users owner on owner.id = factor.user_id
    where person.email = ${email} and owner.email = ${of} and factor.confirmed_at is not null
    on conflict do nothing`;
}

/**
 * A ticket of a sign-in with password and code, or null for a person who signs in with the password alone. Each code is
 * good for one sign-in: the tests of a minute need more of them than there are.
 */
export async function secondStepTicket(email: string): Promise<string | null> {
  const token = randomBytes(32).toString("base64url");
  const digest = createHash("sha256").update(token).digest();
  const rows = await sql()`insert into sign_in_tickets (token_digest, user_id, methods, expires_at)
    select ${digest}, id, '{password,totp}', now() + interval '1 minute' from users
    where email = ${email} and exists (select from totp_factors where user_id = users.id and confirmed_at is not null)
    returning user_id`;
  return rows.length === 1 ? token : null;
}

/** A person with the role and password of another one, and no second factor. */
export async function addPersonLike(of: string, name: string): Promise<string> {
  const person = { id: crypto.randomUUID(), email: `${crypto.randomUUID()}@custodia.example`, name };
  await sql()`insert into users select (jsonb_populate_record(other, ${sql().json(person)})).* from users other
    where email = ${of}`;
  return person.email;
}

/** Makes the last proof in each session of a person older than ten minutes. */
export async function makeProofsStale(email: string): Promise<void> {
  await sql()`update sessions set proved_at = now() - interval '11 minutes'
    where user_id = (select id from users where email = ${email})`;
}
