import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import * as portuguese from "@zxcvbn-ts/language-pt-br";

export type PasswordWeakness = "too_short" | "contains_identity" | "too_common";

export const minPasswordLength = 12;

/** zxcvbn's "safely unguessable": 3 means more than 10^8 guesses. */
const enoughScore = 3;

/** Longer input only costs time: the matchers are quadratic. */
const judgedLength = 64;

/**
 * Why a password is refused, or null. NIST SP 800-63B, 3.1.1.2: length, a list of common and expected values, and
 * context words (the person's name and e-mail, the product); no character class rules.
 */
export function passwordWeakness(password: string, person: { email: string; name: string }): PasswordWeakness | null {
  if ([...password].length < minPasswordLength) return "too_short";
  const words = identityWords(person);
  const folded = fold(password);
  if (words.some((word) => word.length >= 4 && folded.includes(word))) return "contains_identity";
  const { score } = judge().check(password.slice(0, judgedLength), [...words, "custodia"]);
  return score < enoughScore ? "too_common" : null;
}

function identityWords({ email, name }: { email: string; name: string }): string[] {
  const [local = "", domain = ""] = email.split("@");
  return [
    ...new Set(
      [local, ...local.split(/[^\p{L}\p{N}]+/u), ...domain.split(".").slice(0, 1), ...name.split(/\s+/)]
        .map(fold)
        .filter(Boolean),
    ),
  ];
}

const fold = (text: string) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

let cached: ZxcvbnFactory | undefined;

/** Creates the checker once per process: preparing its word lists takes some 100 ms. */
function judge(): ZxcvbnFactory {
  return (cached ??= new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...portuguese.dictionary },
    graphs: common.adjacencyGraphs,
  }));
}
