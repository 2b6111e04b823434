import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";

/** Why the browser gave no answer: the names of messages in `common.passkeys`. */
type BrowserProblem = "cancelled" | "exists" | "unsupported" | "failed";

export type PasskeyAnswer = { response: string } | { problem: BrowserProblem };

/** Loaded when somebody uses a passkey: no other page carries it. */
const library = () => import("@simplewebauthn/browser");

type Library = Awaited<ReturnType<typeof library>>;

/** Has the browser make a passkey. @returns its answer as JSON. */
export const makePasskey = (options: PublicKeyCredentialCreationOptionsJSON): Promise<PasskeyAnswer> =>
  answerOf(({ startRegistration }) => startRegistration({ optionsJSON: options }));

/** Has the browser sign with a passkey. @returns its answer as JSON. */
export const askPasskey = (options: PublicKeyCredentialRequestOptionsJSON): Promise<PasskeyAnswer> =>
  answerOf(({ startAuthentication }) => startAuthentication({ optionsJSON: options }));

async function answerOf(ask: (library: Library) => Promise<object>): Promise<PasskeyAnswer> {
  try {
    const loaded = await library();
    if (!loaded.browserSupportsWebAuthn()) return { problem: "unsupported" };
    return { response: JSON.stringify(await ask(loaded)) };
  } catch (error) {
    return { problem: problems[(error as Error).name] ?? "failed" };
  }
}

/** By the names of WebAuthn's exceptions; browsers do not tell a refusal from a missing passkey. */
const problems: Record<string, BrowserProblem> = {
  NotAllowedError: "cancelled",
  AbortError: "cancelled",
  InvalidStateError: "exists",
};
