import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { jobsTurnComes } from "../../support/background-jobs";
import { smallAudio } from "../../support/audio-fixtures";
import { job, serviceAccount, unit } from "../../support/people";
import {
  askTicket,
  callMetadata,
  complete,
  defaultPolicy,
  problemOf,
  recordingRow,
  refusal,
  sendBytes,
  type Ticket,
} from "../../support/uploads";

test("without a retention policy no upload is stored, nothing is lost, and the job reports the failure", async () => {
  const [{ headers }, { code }, file] = [await serviceAccount(), await unit(), smallAudio()];
  const ticket = (await (await askTicket(headers, callMetadata(code, file))).json()) as Ticket;
  await sendBytes(ticket, file.bytes);
  expect(await problemOf(await complete(headers, ticket.id))).toMatchObject(refusal(409, "default_policy_required"));

  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`now() - interval '6 minutes'` })
    .where(eq(uploadTickets.recordingId, ticket.id));
  expect(await reconcileUploads(job())).toMatchObject({ completed: 0, rejected: 0, failed: 1 });
  expect((await recordingRow(ticket.id)).state).toBe("pending");

  await defaultPolicy();
  // It was postponed for a minute.
  expect(await reconcileUploads(job())).toMatchObject({ completed: 0, failed: 0 });
  await jobsTurnComes();
  expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
  expect((await recordingRow(ticket.id)).state).toBe("stored");
});
