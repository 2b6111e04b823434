import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import postgres from "postgres";
import { numberText } from "@/lib/recordings/customer-number";
import { printColumns } from "../print-columns";

/** A line of Asterisk's Master.csv. */
type CallRecord = { uniqueid: string; src: string; dst: string; start: string; billsec: number };

type Stored = {
  sourceCallId: string;
  startedAt: Date;
  durationMs: number | null;
  direction: string;
  codec: string | null;
  agent: string | null;
  number: Buffer | null;
};

/** A record has whole seconds; a recording begins with the call, and a codec fills its frames. */
const durationTolerance = 1.5;

function readRecords(file: string): CallRecord[] {
  const rows = parse(readFileSync(file), { relax_column_count: true }) as string[][];
  return rows.map((row) => ({
    src: row[1]!,
    dst: row[2]!,
    start: `${row[9]!.replace(" ", "T")}Z`,
    billsec: Number(row[13]),
    uniqueid: row[16]!,
  }));
}

async function readStored(): Promise<Stored[]> {
  const sql = postgres(process.env.DATABASE_URL!, { max: 1, onnotice: () => undefined });
  try {
    const rows = () => sql<Stored[]>`
      select source_call_id as "sourceCallId", started_at as "startedAt", duration_ms as "durationMs",
        r.direction, codec, a.code as agent, customer_number_encrypted as number
      from recordings r left join agents a on a.id = r.agent_id where source = 'asterisk-sid' and state = 'stored'`;
    // Durations of what browsers do not play come with its copy.
    for (let tries = 0; tries < 240 && (await rows()).some(({ durationMs }) => durationMs === null); tries++)
      await new Promise((resolve) => setTimeout(resolve, 500));
    return await rows();
  } finally {
    await sql.end();
  }
}

const recordingsOf = ({ uniqueid }: CallRecord, stored: readonly Stored[]) =>
  stored.filter(({ sourceCallId }) => sourceCallId === uniqueid);
const isOutbound = ({ src }: CallRecord) => src.length === 4;

/** What the portal has otherwise than the record. */
function problemsOf(call: CallRecord, stored: readonly Stored[]): string[] {
  const [recording, ...others] = recordingsOf(call, stored);
  if (!recording || others.length > 0) return [`${call.uniqueid}: ${others.length + (recording ? 1 : 0)} recordings`];
  const [agent, number] = isOutbound(call) ? [call.src, call.dst] : [call.dst, call.src];
  const found = {
    direction: recording.direction === (isOutbound(call) ? "outbound" : "inbound"),
    agent: recording.agent === agent,
    number: numberText(recording.number) === `+55${number}`,
    start: Math.abs(recording.startedAt.getTime() - Date.parse(call.start)) <= 1000,
    duration: Math.abs((recording.durationMs ?? -1e9) / 1000 - call.billsec) <= durationTolerance,
  };
  return Object.entries(found).flatMap(([name, isRight]) => (isRight ? [] : [`${call.uniqueid}: another ${name}`]));
}

function rowOf(call: CallRecord, stored: readonly Stored[]): string[] {
  const recording = recordingsOf(call, stored)[0];
  const seconds = recording?.durationMs == null ? "-" : `${(recording.durationMs / 1000).toFixed(2)} s`;
  const time = recording?.startedAt.toISOString().slice(11, 19) ?? "-";
  const number = recording ? (numberText(recording.number) ?? "-") : "-";
  return [
    call.uniqueid,
    recording?.codec ?? "-",
    recording?.direction ?? "-",
    recording?.agent ?? "-",
    number,
    time,
    `${call.billsec} s`,
    seconds,
  ];
}

const [records = "", report = ""] = process.argv.slice(2);
const calls = readRecords(records);
const stored = await readStored();
const problems = [
  ...calls.flatMap((call) => problemsOf(call, stored)),
  ...(stored.length === calls.length ? [] : [`${stored.length} recordings of ${calls.length} calls`]),
];
const today = new Date().toISOString().slice(0, 10);
const counts = `${calls.length} calls, ${stored.length} recordings`;
const text = `${today}, Asterisk ${process.env.ASTERISK_VERSION}: ${counts}.

${printColumns([
  ["call", "codec", "direction", "agent", "number", "start (UTC)", "record", "recording"],
  ...calls.map((call) => rowOf(call, stored)),
])}

${problems.length === 0 ? "Each call is stored once, as its record says." : problems.join("\n")}
`;
console.log(text);
writeFileSync(report, text);
process.exitCode = problems.length === 0 ? 0 : 1;
