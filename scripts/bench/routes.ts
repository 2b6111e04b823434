import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { interleave, type BenchRow } from "./bench-row";

/** What the routes are measured with: a running portal, a session that may play, a recording, an API key and a unit. */
export type RouteBench = { baseUrl: string; cookie: { name: string; sessionId: string; secret: string }; recordingId: string; apiKey: string; unit: string };

const concurrency = 16;
const roundMs = 3_000;

/** Whole routes beside one that does nothing but answer, requests a second. */
export async function benchRoutes(bench: RouteBench): Promise<BenchRow[]> {
  const token = await encode({ token: { sid: bench.cookie.sessionId }, secret: bench.cookie.secret });
  const origin = new URL(bench.baseUrl).origin;
  const json = { "content-type": "application/json" };
  const trivial = () => fetch(`${bench.baseUrl}/api/openapi.json`);
  const play = () =>
    fetch(`${bench.baseUrl}/api/recordings/${bench.recordingId}/playback-grants`, {
      method: "POST",
      headers: { ...json, origin, cookie: `${bench.cookie.name}=${token}` },
      body: JSON.stringify({ purpose: "quality_supervision", reference: "bench" }),
    });
  const ticket = () => fetch(`${bench.baseUrl}/api/recordings`, { method: "POST", headers: { ...json, authorization: `Bearer ${bench.apiKey}` }, body: JSON.stringify(call(bench.unit)) });
  const row = (what: string, measured: { ours: number; floor: number; ratio: number }): BenchRow => ({ what, unit: "requests/s", ...measured, better: "larger", must: 0.4, aim: 0.6 });
  return [
    row("play route (session, scope, grant, audit, sign) / trivial route", await interleave(3, () => rate(play, 201), () => rate(trivial, 200))),
    row("upload ticket route / trivial route", await interleave(3, () => rate(ticket, 201), () => rate(trivial, 200))),
  ];
}

function call(unit: string) {
  const sha256 = "0".repeat(64);
  return { source: "bench", sourceCallId: randomUUID(), unit, direction: "inbound", startedAt: new Date().toISOString(), customerNumber: "+5511900000000", contentType: "audio/wav", sizeBytes: 100_000, sha256 };
}

/** Requests a second over a round, with a few connections at once; an unexpected answer ends the bench. */
async function rate(request: () => Promise<Response>, expected: number): Promise<number> {
  const start = performance.now();
  let answered = 0;
  const connection = async () => {
    while (performance.now() - start < roundMs) {
      const response = await request();
      await response.arrayBuffer();
      if (response.status !== expected) throw new Error(`answered ${response.status} where ${expected} was expected`);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, connection));
  return (answered * 1000) / (performance.now() - start);
}
