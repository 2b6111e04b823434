import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { encode } from "next-auth/jwt";
import { requestContext } from "@/lib/http/request-context";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { sessionCookieName } from "@/lib/http/session/session-cookie";
import { startSession } from "@/lib/access/sign-in/start-session";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { interleave, type BenchRow } from "./bench-row";

const concurrency = 16;
const roundMs = 3_000;

/** Measures requests per second of routes of a portal, compared with a route that returns a fixed response. */
export async function benchRoutes(): Promise<BenchRow[]> {
  const { NEXTAUTH_URL: baseUrl } = env();
  const { context, cookie } = await supervisorSession();
  const recordingId = (await listRecordings(context, { state: "stored", limit: 1 })).rows[0]!.id;
  const apiKey = readFileSync(process.env.API_KEY_FILE!, "utf8").trim();
  const json = { "content-type": "application/json" };
  const trivial = () => fetch(`${baseUrl}/api/openapi.json`);
  const withoutPortal = () => fetch(process.env.BARE_NEXT_URL!);
  const play = () =>
    fetch(`${baseUrl}/api/recordings/${recordingId}/playback-grants`, {
      method: "POST",
      headers: { ...json, origin: new URL(baseUrl).origin, cookie },
      body: JSON.stringify({ purpose: "quality_supervision", reference: "bench" }),
    });
  const ticket = () =>
    fetch(`${baseUrl}/api/recordings`, {
      method: "POST",
      headers: { ...json, authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(newCall()),
    });
  const row = (what: string, must: number, measured: Pick<BenchRow, "ours" | "baseline" | "ratio">): BenchRow => ({
    what,
    unit: "requests/s",
    ...measured,
    better: "larger",
    must,
    aim: null,
  });
  return [
    await gateRow(cookie),
    row(
      "trivial route / the same bytes by Next.js without the portal's code",
      0.8,
      await interleave(
        3,
        () => rate(trivial, 200),
        () => rate(withoutPortal, 200),
      ),
    ),
    row(
      "play route (session, scope, grant, audit, sign) / trivial route",
      0.9,
      await interleave(
        3,
        () => rate(play, 201),
        () => rate(trivial, 200),
      ),
    ),
    row(
      "upload ticket route / trivial route",
      0.9,
      await interleave(
        3,
        () => rate(ticket, 201),
        () => rate(trivial, 200),
      ),
    ),
  ];
}

/** The processor time before an operation begins: session, role and scope of a request with a cookie. */
async function gateRow(cookie: string): Promise<BenchRow> {
  const times = 3_000;
  const enter = () => requestContext(new Request(`${env().NEXTAUTH_URL}/api/recordings`, { headers: { cookie } }));
  for (let time = 0; time < times; time += 1) await enter();
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await enter();
  const { user, system } = process.cpuUsage(before);
  const [ours, baseline] = [(user + system) / 1000 / times, 0.5];
  const what = "the gate: session, role and scope of a request / the bound";
  return {
    what,
    unit: "ms of processor time",
    ours,
    baseline,
    ratio: ours / baseline,
    better: "smaller",
    must: 1,
    aim: null,
  };
}

/** Starts a session of the example supervisor. Returns its context and cookie. */
export async function supervisorSession() {
  const signIns = readFileSync(process.env.SIGN_INS!, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { role: string; email: string; password: string });
  const nobody: OperationContext = { actor: { type: "anonymous" }, requestId: newId(), ipAddress: null };
  const { sessionId } = await startSession(
    nobody,
    signIns.find(({ role }) => role === "supervisor")!,
  );
  const { actor } = (await resolveSession(sessionId))!;
  const cookie = `${sessionCookieName()}=${await encode({ token: { sid: sessionId }, secret: env().NEXTAUTH_SECRET })}`;
  return { context: { ...nobody, actor }, cookie };
}

function newCall() {
  const sha256 = "0".repeat(64);
  return {
    source: "bench",
    sourceCallId: randomUUID(),
    unit: "suporte",
    direction: "inbound",
    startedAt: new Date().toISOString(),
    customerNumber: "+5511900000000",
    contentType: "audio/wav",
    sizeBytes: 100_000,
    sha256,
  };
}

/** Returns the requests per second of 16 connections during a round. Throws at an unexpected status. */
async function rate(request: () => Promise<Response>, expected: number): Promise<number> {
  const start = performance.now();
  let answered = 0;
  const connection = async () => {
    while (performance.now() - start < roundMs) {
      const response = await request();
      await response.arrayBuffer();
      if (response.status !== expected) throw new Error(`status ${response.status}, expected ${expected}`);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, connection));
  return (answered * 1000) / (performance.now() - start);
}
