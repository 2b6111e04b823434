import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import * as portuguese from "@zxcvbn-ts/language-pt-br";

export type PasswordWeakness = "too_short" | "contains_identity" | "too_common";

export const minPasswordLength = 12;

/** zxcvbn's "safely unguessable" begins at 3: more than 10^8 guesses. */
const enoughScore = 3;

/** What lies beyond only adds time: the matchers are quadratic. */
const judgedLength = 64;

/**
 * Why a password is refused, or null. NIST SP 800-63B, 3.1.1.2: length, a list of common and expected values, and
 * words of the context (the person's name and e-mail, the product); no rules about kinds of characters.
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

/** Its word lists take some 100 ms to prepare, once in a process. */
function judge(): ZxcvbnFactory {
  return (cached ??= new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...portuguese.dictionary },
    graphs: common.adjacencyGraphs,
  }));
}
