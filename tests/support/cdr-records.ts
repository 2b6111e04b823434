import type { CdrRow } from "@/scripts/recordings/cdr/cdr";

/** Columns of FreePBX's table asteriskcdrdb.cdr. */
export const freepbxColumns = (
  "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags," +
  "accountcode,uniqueid,userfield,did,recordingfile,cnum,cnam,outbound_cnum,outbound_cnam,dst_cnam,linkedid," +
  "peeraccount,sequence"
).split(",");

const trunk = (number: number) => `PJSIP/trunk-sp-0000000${number}`;
const fromQueue = (extension: string) => `Local/${extension}@from-queue-0000000${extension.at(-1)};1`;

const incoming = {
  ...{ src: "11940001234", clid: '"João" <11940001234>', did: "1140001234", dcontext: "ext-queues", lastapp: "Queue" },
  ...{ uniqueid: "1795194202.42", linkedid: "1795194202.42", channel: trunk(1), disposition: "ANSWERED" },
};

/** A call that one agent did not take, another did, who asked a third and transferred it; then single calls. */
export const cdrRecords: CdrRow[] = [
  {
    ...{ ...incoming, calldate: "2026-11-20 14:03:22", sequence: "1", dst: "600", lastdata: "600,t,,,300" },
    ...{ dstchannel: fromQueue("1041"), disposition: "NO ANSWER" },
    recordingfile: "q-600-11940001234-20261120-140322-1795194202.42.wav",
  },
  {
    ...{ ...incoming, calldate: "2026-11-20 14:03:30", sequence: "2", dst: "600", lastdata: "600,t,,,300" },
    ...{ dstchannel: fromQueue("1042"), dst_cnam: "Ana Conceição" },
    recordingfile: "q-600-11940001234-20261120-140322-1795194202.42.wav",
  },
  {
    ...{
      calldate: "2026-11-20 14:05:00",
      sequence: "3",
      src: "1042",
      dst: "1043",
      cnum: "1042",
      cnam: "Ana Conceição",
    },
    ...{ channel: "PJSIP/1042-00000002", dstchannel: "PJSIP/1043-00000003", lastapp: "Dial", disposition: "ANSWERED" },
    ...{ uniqueid: "1795194300.50", linkedid: "1795194202.42" },
    recordingfile: "internal-1043-1042-20261120-140500-1795194300.50.wav",
  },
  {
    ...{ ...incoming, calldate: "2026-11-20 14:10:01", sequence: "4", dst: "601", lastdata: "601,t,,,300" },
    ...{ dstchannel: fromQueue("1043"), dst_cnam: "Bia Souza" },
    recordingfile: "q-601-11940001234-20261120-141001-1795194202.42.wav",
  },
  {
    ...{
      calldate: "2026-11-20 14:06:40",
      sequence: "5",
      src: "1042",
      dst: "11940009999",
      cnum: "1042",
      lastapp: "Dial",
    },
    ...{ channel: "PJSIP/1042-00000006", dstchannel: trunk(7), disposition: "ANSWERED", outbound_cnum: "1140001234" },
    ...{ uniqueid: "1795194400.60", linkedid: "1795194400.60", cnam: "Ana Conceição" },
  },
  {
    ...{ calldate: "2026-11-20 14:08:20", sequence: "6", src: "1042", dst: "1043", lastapp: "Dial", cnum: "1042" },
    ...{ channel: "PJSIP/1042-00000008", dstchannel: "PJSIP/1043-00000009", disposition: "ANSWERED" },
    ...{ uniqueid: "1795194500.70", linkedid: "1795194500.70" },
  },
  {
    ...{ ...incoming, calldate: "2026-11-20 14:10:00", sequence: "7", src: "anonymous", dst: "600", lastdata: "600" },
    ...{ dstchannel: fromQueue("1042"), uniqueid: "1795194600.80", linkedid: "1795194600.80" },
  },
];

const cell = (text: string | undefined) => `"${(text ?? "").replaceAll('"', '""')}"`;

/** FreePBX's export. */
export const freepbxCsv = (records = cdrRecords) =>
  [freepbxColumns, ...records.map((row) => freepbxColumns.map((name) => cell((row as Record<string, string>)[name])))]
    .map((cells) => `${cells.join(",")}\n`)
    .join("");

/** Asterisk's Master.csv, which has neither a header nor the columns of FreePBX; with or without the newer ones. */
export const masterCsv = (records = cdrRecords, { isNew = true } = {}) =>
  records
    .map((row) => {
      const { src, dst, dcontext, channel, dstchannel, lastapp, lastdata, calldate, disposition, uniqueid } = row;
      const values = ["", src, dst, dcontext, "", channel, dstchannel, lastapp, lastdata, calldate, "", "", "9", "9"];
      const newer = isNew ? ["", "", row.linkedid, row.sequence] : [""];
      return `${[...values, disposition, "DOCUMENTATION", uniqueid, ...newer].map(cell).join(",")}\n`;
    })
    .join("");
