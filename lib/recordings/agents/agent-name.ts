import { blindIndex } from "@/lib/core/crypto/blind-index";
import { encryptField } from "@/lib/core/crypto/field-encryption";

/** More words than a name has. */
const mostWords = 12;

/** The columns of an agent's name: encrypted, with a keyed digest of each of its words. */
export const agentNameColumns = (name: string) => ({
  nameEncrypted: encryptField("agent.name", name),
  nameIndex: nameDigests(name),
});

/** The digests of the words of a name, in hexadecimal: accents, case and the order of the words do not matter. */
export const nameDigests = (text: string): string[] =>
  wordsOf(text).map((word) => blindIndex("agent_name", word).toString("hex"));

function wordsOf(text: string): string[] {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return [...new Set(plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ""))].slice(0, mostWords);
}

/**
 * The token that filters lists by an agent's name: it may appear in a URL, because without the key it reveals no name.
 * Null if the text has no letter or digit.
 */
export function agentNameToken(text: string): string | null {
  const digests = nameDigests(text);
  return digests.length === 0 ? null : Buffer.from(digests.join(""), "hex").toString("base64url");
}

/** The digests of a token, all of which must be among those of a name. Empty for a text that is no token. */
export const parseAgentNameToken = (token: string): string[] => {
  const digits = Buffer.from(token, "base64url").toString("hex");
  return digits.length % digestDigits === 0 ? (digits.match(/.{64}/g) ?? []) : [];
};

const digestDigits = 64;
