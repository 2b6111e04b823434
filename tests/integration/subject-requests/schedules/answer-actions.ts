import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { database } from "@/lib/db/client";
import { jobContext } from "@/lib/operation/job-context";
import { openCollection } from "@/lib/subject-requests/answer/collection";
import { issueAnswer } from "@/lib/subject-requests/answer/issue-answer";
import { issueFollowUp } from "@/lib/subject-requests/answer/issue-follow-up";
import { openPackage } from "@/lib/subject-requests/answer/open-package";
import { collectAnswerFile } from "@/lib/subject-requests/answer/take-answer-file";
import { contextOf } from "../../../support/actors";
import { processesOf } from "../../../support/subject-requests";
import { as, unless, type Action } from "./custody-actions";
import type { ModelRequest } from "./model";
import { pick, rightsIn } from "./world";

/** Issues the letter of what can be answered, often twice at once, or while a job tells of later deletions. */
export const issue: Action = async (schedule, people) => {
  const { random } = schedule;
  const { request } = pick(random, rightsIn(schedule, "executing", "unverified", "forwarded"));
  const { requestId } = request;
  const late = ["nothing_to_answer", "conflict"] as const;
  await Promise.all([
    unless(late, issueAnswer(as(people.dpo), { requestId })),
    ...(random() < 0.4 ? [unless(late, issueAnswer(as(people.substitute), { requestId }))] : []),
    ...(random() < 0.3 ? [unless(late, issueFollowUp(jobContext("subject-request"), { requestId }))] : []),
  ]);
  await noteAnswered(request);
};

/** Which rights a letter could answer only custody knows. */
export async function noteAnswered({ requestId, rights }: ModelRequest): Promise<void> {
  const answered = (await processesOf(requestId)).filter(({ state }) => state === "answered").map(({ id }) => id);
  for (const right of rights)
    if (answered.includes(right.processId) && ["executing", "unverified", "forwarded"].includes(right.state))
      right.state = "answered";
}

/** The person collects each file of each answer. */
export const collect: Action = async (schedule) => {
  const { request } = pick(schedule.random, rightsIn(schedule, "answered", "closed"));
  const { requestId } = request;
  const opened = await database().transaction((tx) => openCollection(tx, requestId));
  for (const { id: answerId, files } of opened?.answers ?? [])
    for (const { kind, orderId, part } of files) {
      const wanted = { collectionId: opened!.id, token: opened!.token, answerId, kind, orderId: orderId ?? undefined };
      const taken = await collectAnswerFile(contextOf({ type: "anonymous" }), { ...wanted, part });
      if (taken.requestId !== requestId || taken.pdf.subarray(0, 5).toString() !== "%PDF-")
        throw new Error("a collection gave something else");
    }
};

/** Reads a package to its end: audio whose bytes are not those that were stored breaks it. */
export async function packageOf(answer: { requestId: string; answerId: string; part: number }): Promise<Buffer> {
  const { stream } = await openPackage(jobContext("subject-request"), answer);
  return buffer(Readable.fromWeb(stream as never));
}
