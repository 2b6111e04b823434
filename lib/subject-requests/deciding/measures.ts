import type { DecisionMeasure, RequestRight } from "@/lib/db/schema/subject-request-words";

/** Measures of single recordings. `inform` is of a right as a whole. */
export type RecordingMeasure = Exclude<DecisionMeasure, "inform">;

/** What may be decided of a right. */
export type RightMeasures = {
  /** Of each recording. Empty: the right is answered as a whole, by a text. */
  each: readonly RecordingMeasure[];
  /** The person may get the sound, not only what is known of the calls. */
  givesAudio: boolean;
};

const asText: RightMeasures = { each: [], givesAudio: false };
const asList: RightMeasures = { each: ["deliver", "withhold"], givesAudio: false };
const asAudio: RightMeasures = { each: ["deliver", "withhold"], givesAudio: true };
const asSuspension: RightMeasures = { each: ["block", "keep"], givesAudio: false };

const measures = {
  confirmation: asText,
  simplified_access: asList,
  full_declaration: asAudio,
  electronic_copy: asAudio,
  sac_recording: asAudio,
  sac_history: asList,
  correction: { each: ["correct", "keep"], givesAudio: false },
  unnecessary_data: { each: ["delete", "delete_later", "anonymise", "block", "keep"], givesAudio: false },
  portability: asAudio,
  deletion: { each: ["delete", "delete_later", "keep"], givesAudio: false },
  sharing_information: asText,
  consent_information: asText,
  /** What rests on consent is used no more from now on. Whether it is deleted too is another right (Art. 18, VI). */
  consent_withdrawal: asSuspension,
  objection: asSuspension,
  automated_review: asText,
} as const satisfies Record<RequestRight, RightMeasures>;

export const measuresOf = (right: RequestRight): RightMeasures => measures[right];

/** Measures that refuse something: each needs a ground with a fact (LGPD Art. 18, § 4, II). */
export const refusing: readonly DecisionMeasure[] = ["withhold", "keep"];

/** Measures that end in the deletion of the recording. `anonymise`: a voice cannot be made anonymous, so it goes. */
export const deleting = ["delete", "delete_later", "anonymise"] as const satisfies readonly DecisionMeasure[];

export const isDeleting = (measure: DecisionMeasure) => (deleting as readonly DecisionMeasure[]).includes(measure);

/** Whether a second person must approve it: what cannot be undone, and what lets somebody hear a call. */
export const needsApproval = (measure: DecisionMeasure, audioForm: string | null) =>
  isDeleting(measure) || (measure === "deliver" && audioForm !== null);
