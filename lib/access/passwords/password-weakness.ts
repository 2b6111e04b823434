import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import * as common from "@zxcvbn-ts/language-common";
import * as portuguese from "@zxcvbn-ts/language-pt-br";

export type PasswordWeakness = "too_short" | "contains_identity" | "too_common";

export const minPasswordLength = 12;

/** zxcvbn's "very unguessable": more than 10^10 guesses. */
const enoughGuesses = 1e10;

/** Longer input only costs time: the matchers are quadratic. */
const judgedLength = 64;

/** The product, and the example of every article about good passwords. */
const knownWords = ["custodia", "correcthorsebatterystaple", "cavalocorretobateriagrampo"];

/** Whose password it is, and names of the company: words that somebody who knows them tries first. */
export type PasswordContext = { email: string; name: string; companyNames?: readonly string[] };

/**
 * Why a password is refused, or null. NIST SP 800-63B, 3.1.1.2: length, lists of breached, common and expected values,
 * and context words (the person's name and e-mail, the company, the product); no character class rules.
 */
export function passwordWeakness(password: string, context: PasswordContext): PasswordWeakness | null {
  if ([...password].length < minPasswordLength) return "too_short";
  const words = identityWords(context);
  const folded = fold(password);
  if (words.some((word) => word.length >= 4 && folded.includes(word))) return "contains_identity";
  const expected = [...words, ...(context.companyNames ?? []).flatMap(companyWords), ...knownWords];
  return guessesOf(password.slice(0, judgedLength), expected) < enoughGuesses ? "too_common" : null;
}

/** The fewest guesses: of the password as it is, without its separators, and as a decorated word. */
function guessesOf(password: string, expected: string[]): number {
  const guess = (text: string) => (text === "" ? 1 : judge().check(text, expected).guesses);
  const [, before, word, after] = /^([^\p{L}]*)(.*?)([^\p{L}]*)$/u.exec(password)!;
  const joined = (text: string) => guess(fold(text).replaceAll(/[^\p{L}\p{N}]+/gu, "")) * separatorGuesses;
  const core = Math.min(guess(fold(word!)), joined(word!));
  return Math.min(guess(password), joined(password), core * decorationGuesses(before!) * decorationGuesses(after!));
}

/** Few people use more than one separator, and most use a hyphen or a space. */
const separatorGuesses = 5;

/** Years, and signs such as "@" and "!", that people put beside a word. */
const [yearGuesses, signGuesses] = [50, 5];

/** What is put before or after a word: years, counting and the same sign again are tried first. */
function decorationGuesses(text: string): number {
  const parts = text.match(/(?:19|20)\d\d|\d+|(\D)\1*/gu) ?? [];
  return parts.reduce((guesses, part) => guesses * partGuesses(part), 1);
}

function partGuesses(part: string): number {
  if (/^(19|20)\d\d$/.test(part)) return yearGuesses;
  if (!/^\d+$/.test(part)) return signGuesses;
  const isExpected = "01234567890".includes(part) || "09876543210".includes(part) || /^(\d)\1*$/.test(part);
  return isExpected ? 20 : 10 ** part.length;
}

function identityWords({ email, name }: PasswordContext): string[] {
  const [local = "", domain = ""] = email.split("@");
  return [...new Set([...wordsOf(local), ...wordsOf(domain.split(".")[0]!), ...wordsOf(name)])];
}

/** A name as a whole and in its words, folded. */
const wordsOf = (name: string) =>
  [name, name.replaceAll(/[^\p{L}\p{N}]+/gu, ""), ...name.split(/[^\p{L}\p{N}]+/u)].map(fold).filter(Boolean);

const companyWords = (name: string) => wordsOf(name.replace(/\s(ltda|eireli|epp|me|s\.?\/?a)\.?$/i, ""));

const fold = (text: string) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

let cached: ZxcvbnFactory | undefined;

/** Creates the checker once per process: preparing its word lists takes some 100 ms. */
function judge(): ZxcvbnFactory {
  return (cached ??= new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...portuguese.dictionary, unaccented: unaccentedWords() },
    graphs: common.adjacencyGraphs,
  }));
}

/** Portuguese words as they are typed without accents, in the order of their frequency. */
function unaccentedWords(): string[] {
  const lists = Object.values(portuguese.dictionary) as string[][];
  return [...new Set(lists.flat().flatMap((word) => (fold(word) === word.toLowerCase() ? [] : [fold(word)])))];
}
