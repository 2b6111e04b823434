import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ManifestEntry } from "@/scripts/recordings/read-manifest";

type Details = Partial<ManifestEntry["metadata"]>;

/** Names of agents, by their codes. The others keep their code. */
export const agentNames: Record<string, string> = {
  "agente-1017": "Rita Cassiano",
  "agente-1043": "Otávio Brandão",
  "agente-1045": "Lídia Farias",
  "agente-1071": "Célia Mourão",
};

/** What the phone system says of some calls beyond the usual, by their ids. All people and numbers are made up. */
export const callDetails: Record<string, Details> = {
  "pbx-70262": { protocol: "20261128000262", announcementPlayed: "yes", announcementVersion: "2026-02" },
  "pbx-71572": { customerReference: "CONTR-88120", customerTaxId: "111.444.777-35", cardDataHandling: "masked" },
  "pbx-72227": { customerReference: "CONTR-88121", possibleCardData: true },
  "pbx-73275": { protocol: "20261121001187", announcementPlayed: "yes", announcementVersion: "2026-02" },
  "pbx-73406": { sensitiveContent: "yes", announcementPlayed: "no" },
  "pbx-73537": { protocol: "20261127004471", announcementPlayed: "yes", announcementVersion: "2026-02" },
  // The clock of this sender is not to be trusted: a person decides about its date.
  "pbx-72096": { doubtfulDate: true },
};

/**
 * A call that was transferred: both sides of its first part, then a leg in a format that no browser plays.
 * @param startedAt of the call; the transfer comes nine seconds later.
 * @param folder of the example recordings. The two sides are written into `made`.
 */
export function transferredCall(startedAt: Date, folder: string, made: string): Omit<ManifestEntry, "line">[] {
  const call = {
    source: "pabx-exemplo",
    sourceCallId: "pbx-80001",
    unit: "suporte",
    direction: "inbound" as const,
    customerNumber: "+5521900002187",
    contentType: "audio/wav",
    protocol: "20261128000801",
  };
  const stereo = readFileSync(path.join(folder, "call-02-wav-pcm-stereo.wav"));
  const sides = (["agent", "customer"] as const).map((side, channel) => {
    const file = path.join(made, `pbx-80001-${side}.wav`);
    writeFileSync(file, oneChannel(stereo, channel));
    const metadata = { queue: "internet", agent: "agente-1043", startedAt: startedAt.toISOString() };
    return { file, metadata: { ...call, ...metadata, sourceRecordingId: `${side}:1` } };
  });
  const transferredAt = new Date(startedAt.getTime() + 9_000).toISOString();
  const metadata = { queue: "ouvidoria", agent: "agente-1045", startedAt: transferredAt };
  const leg = { file: path.join(folder, "asterisk22-wav49-4s.WAV"), metadata: { ...call, ...metadata } };
  return [...sides, leg];
}

/** One channel of a WAV file with two channels of 16 bits and a header of 44 bytes. */
function oneChannel(stereo: Buffer, channel: number): Buffer {
  const mono = Buffer.alloc(44 + (stereo.length - 44) / 2);
  stereo.copy(mono, 0, 0, 44);
  for (let from = 44 + channel * 2, to = 44; from < stereo.length; from += 4, to += 2)
    stereo.copy(mono, to, from, from + 2);
  mono.writeUInt32LE(mono.length - 8, 4);
  mono.writeUInt16LE(1, 22);
  mono.writeUInt32LE(stereo.readUInt32LE(28) / 2, 28);
  mono.writeUInt16LE(2, 32);
  mono.writeUInt32LE(mono.length - 44, 40);
  return mono;
}
