import { sendAccountMail } from "@/lib/access/passwords/send-account-mail";
import { jobContext } from "@/lib/operation/job-context";
import type { JobHandler } from "@/lib/jobs/job-handler";

/** Mails a person about their account. Repeated after a kill it sends nothing twice. */
export const accountMailJob: JobHandler<"account_mail"> = {
  concurrency: 2,
  run: async ({ payload, createdAt }) => {
    await sendAccountMail(jobContext("account"), { ...payload, requestedAt: createdAt });
  },
};
