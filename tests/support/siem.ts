import { eq } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { jobs, siemRejections, siemStream } from "@/lib/db/schema";
import { jobContext } from "@/lib/operation/job-context";
import { enqueueSiemStream } from "@/lib/notifications/siem/enqueue-siem-stream";
import { jobsTurnComes, workOff } from "./background-jobs";
import { append, asAttacker, emptyLog, ended, seal } from "./log-under-test";

export const streamContext = () => jobContext("siem-stream");

/** Runs the stream until nothing waits or a delivery failed. */
export async function stream(): Promise<void> {
  await enqueueSiemStream(streamContext(), {});
  await jobsTurnComes();
  await workOff("siem_stream");
}

/** Appends events, one transaction each, and seals them. */
export async function appendSealed(count: number): Promise<void> {
  await append(count);
  await seal();
}

/** An empty log and a stream that has begun and sent the event of its beginning. */
export async function begunStream(): Promise<void> {
  await asAttacker((owner) => owner`truncate siem_stream, siem_rejections`);
  await database().delete(jobs).where(eq(jobs.kind, "siem_stream"));
  await emptyLog();
  await seal();
  await stream();
  await ended();
  await seal();
  await stream();
}

export const streamRow = async () => (await database().select().from(siemStream))[0]!;
export const rejectionRows = () => database().select().from(siemRejections);
export const streamJob = async () => (await database().select().from(jobs).where(eq(jobs.kind, "siem_stream")))[0];
