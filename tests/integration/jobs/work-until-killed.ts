import { drain } from "@/lib/jobs/drain";

/** A portal that reports when it is in the middle of a job and is then killed. */
await drain(60, {
  waveform: { leaseMs: 2_000, run: () => (console.log("at work"), new Promise(() => undefined)) },
});
