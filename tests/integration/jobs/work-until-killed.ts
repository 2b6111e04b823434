import { drain } from "@/lib/jobs/drain";

/** A portal in the middle of a job, which says so and is then killed. */
await drain(60, {
  waveform: { leaseMs: 2_000, run: () => (console.log("at work"), new Promise(() => undefined)) },
});
