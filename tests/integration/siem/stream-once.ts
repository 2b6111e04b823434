import { drain } from "@/lib/jobs/drain";
import { jobContext } from "@/lib/operation/job-context";
import { enqueueSiemStream } from "@/lib/notifications/siem/enqueue-siem-stream";
import { siemStreamJob } from "@/lib/notifications/siem/siem-stream-job";
import { startCommand } from "@/scripts/start-command";
import { jobsTurnComes } from "../../support/background-jobs";

startCommand();

/** Runs the stream in its own process, which the test kills. */
await enqueueSiemStream(jobContext("siem-stream"), {});
await jobsTurnComes();
await drain(50, { siem_stream: siemStreamJob });
process.exit(0);
