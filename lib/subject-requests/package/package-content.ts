/** The language of names and words in a package. */
export type PackageLocale = "pt-BR" | "en";

/** What a person receives, as plain data. The core of the package asks nothing of a database or a store. */
export type PackageContent = {
  /** Of the request. */
  protocol: string;
  locale: PackageLocale;
  createdAt: Date;
  /** The company, as the letter names it. */
  controller: string;
  /** The letter as PDF; null: it goes another way. */
  letter: Uint8Array | null;
  /** Also one vCon for each call, with its audio, for portability (LGPD Art. 18 V). */
  hasVcons: boolean;
  /** In order of their first recording. Read several times, always with the same result. */
  calls: () => AsyncIterable<PackagedCall>;
};

export type PackagedCall = {
  /** Opaque and stable: names the vCon. */
  id: string;
  /** In order of their start. */
  recordings: readonly PackagedRecording[];
};

export type PackagedRecording = {
  id: string;
  startedAt: Date;
  /** IANA zone of the unit: names of files and the list have the call's own time. */
  timeZone: string;
  durationMs: number | null;
  direction: "inbound" | "outbound" | "internal";
  unit: string;
  queue: string | null;
  /** The person's own number, as written in E.164; null if it was withheld or is not to be told. */
  number: string | null;
  protocol: string | null;
  /** The last day on which the company keeps it, inclusive: "2027-03-01". */
  keptUntil: string | null;
  /** Null: data only. */
  audio: PackagedAudio | null;
};

export type PackagedAudio = {
  form: "whole" | "subject_channel" | "edited";
  /** The channel of the person, counted from 0; null if it is not one of several. */
  subjectChannel: number | null;
  channels: number | null;
  contentType: string;
  sizeBytes: number;
  /** Hex. What is read must have it, or the package breaks. */
  sha256: string;
  /** Opened for each reading, and returned when the reader stops. */
  open: () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
};
