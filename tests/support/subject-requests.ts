import { eq } from "drizzle-orm";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { subjectRequestRights } from "@/lib/db/schema";
import type { RegisterRequestInput } from "@/lib/subject-requests/register-request";

/** A letter of a person recorded who wants one right, received now. */
export const letter = (input: Partial<RegisterRequestInput> = {}): RegisterRequestInput => ({
  requestId: newId(),
  channel: "letter",
  receivedAt: new Date().toISOString(),
  rights: ["full_declaration"],
  requester: "data_subject",
  subjectName: "Maria Aparecida de Souza",
  identifiers: [{ kind: "number", value: "(11) 98765-4321" }],
  words: "Quero ouvir as chamadas que fiz.",
  answerChannel: "email",
  answerForm: "electronic",
  answerAddress: "maria@example.com",
  answerLocale: "pt-BR",
  ...input,
});

/** The processes of a request, in the order of their clocks. */
export const processesOf = (requestId: string) =>
  database()
    .select()
    .from(subjectRequestRights)
    .where(eq(subjectRequestRights.requestId, requestId))
    .orderBy(subjectRequestRights.dueUntil, subjectRequestRights.id);
