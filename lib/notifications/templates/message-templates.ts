import { messageChannels } from "@/lib/db/schema/messages";

export { messageChannels };

export type MessageChannel = (typeof messageChannels)[number];

/**
 * What a value of a template is. `code` is read out digit by digit; `address` is a page of the portal without query, so
 * that no link acts by itself; `link` is one with a secret behind "#", which only the page itself reads.
 */
export type VariableKind = "text" | "code" | "address" | "link";

type Template = {
  /** What a caller gives, all of it. Each text may also use `controller`, the company's name. */
  variables: Record<string, VariableKind>;
  /** The text must contain it. */
  required: string;
  /** Its values are erased as soon as the message was sent or has failed. */
  isSecret: boolean;
};

/** The messages that the portal sends to people. Texts: `standard-texts.ts`, and those of the company. */
export const messageTemplates = {
  one_time_code: { variables: { code: "code", minutes: "text" }, required: "code", isSecret: true },
  request_received: {
    variables: { protocol: "code", receivedOn: "text", page: "address" },
    required: "protocol",
    isSecret: false,
  },
  answer_ready: {
    variables: { protocol: "code", availableUntil: "text", page: "address" },
    required: "protocol",
    isSecret: false,
  },
  status_changed: {
    variables: { protocol: "code", status: "text", page: "address" },
    required: "protocol",
    isSecret: false,
  },
  /** To whoever downloaded a recording of a request (LGPD Art. 18, § 6). */
  sharer_notice: {
    variables: { protocol: "code", recordings: "text" },
    required: "protocol",
    isSecret: false,
  },
  /** To staff. They say that there is something, and where: no content leaves the portal by them. */
  report_ready: { variables: { page: "address" }, required: "page", isSecret: false },
  access_review_opened: { variables: { page: "address" }, required: "page", isSecret: false },
  /** To a person, about their own access. */
  second_factor_added: { variables: { page: "address" }, required: "page", isSecret: false },
  second_factor_removed: { variables: { page: "address" }, required: "page", isSecret: false },
  second_factor_guessed: { variables: { page: "address" }, required: "page", isSecret: false },
  recovery_code_used: { variables: { page: "address" }, required: "page", isSecret: false },
  passkey_counter_refused: { variables: { page: "address" }, required: "page", isSecret: false },
  alert_raised: { variables: { page: "address" }, required: "page", isSecret: false },
  /** To people about their own accounts. */
  invitation: { variables: { link: "link", until: "text" }, required: "link", isSecret: true },
  password_reset: { variables: { link: "link", minutes: "text" }, required: "link", isSecret: true },
  password_changed: { variables: { page: "address" }, required: "page", isSecret: false },
  sign_in_failures: { variables: { page: "address" }, required: "page", isSecret: false },
  new_device: { variables: { device: "text", time: "text", page: "address" }, required: "page", isSecret: false },
} as const satisfies Record<string, Template>;

export type MessageTemplate = keyof typeof messageTemplates;

export type TemplateData<Name extends MessageTemplate = MessageTemplate> = {
  [Variable in keyof (typeof messageTemplates)[Name]["variables"]]: string;
};

export const templateNames = Object.keys(messageTemplates) as MessageTemplate[];

/** The variables that a text of this template may use, with their kinds. */
export function variablesOf(template: MessageTemplate): ReadonlyMap<string, VariableKind> {
  return new Map<string, VariableKind>([
    ["controller", "text"],
    ...Object.entries(messageTemplates[template].variables),
  ]);
}
