import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { generateKeyPairSync, randomBytes } from "node:crypto";

const key = () => randomBytes(32).toString("base64");
const keyList = () => `k1:${key()}`;

function signingKeyList() {
  const { privateKey } = generateKeyPairSync("ed25519");
  return `k1:${privateKey.export({ type: "pkcs8", format: "der" }).toString("base64")}`;
}

/** Generates every secret that the portal reads. `.env.example` describes their formats. */
export function generateSecrets() {
  return {
    NEXTAUTH_SECRET: key(),
    CRON_SECRET: randomBytes(32).toString("hex"),
    FIELD_ENCRYPTION_KEYS: keyList(),
    BLIND_INDEX_KEY: key(),
    AUDIT_HMAC_KEYS: keyList(),
    AUDIT_SIGNING_KEYS: signingKeyList(),
    LINK_SIGNING_KEYS: keyList(),
    DISK_STORE_KEYS: keyList(),
    ENVELOPE_KEYS: keyList(),
  };
}

/** Formats secrets as lines of an environment file. */
export function formatSecrets(secrets) {
  return Object.entries(secrets)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

function parseSecrets(text) {
  const lines = text.split("\n").filter((line) => /^[A-Z0-9_]+=/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

/**
 * Returns the secrets of a demo from `file`, which only its owner can read. Generates those that are missing from it
 * and never replaces one: stored data may be encrypted with it.
 */
export function loadOrCreateSecrets(file) {
  const known = existsSync(file) ? parseSecrets(readFileSync(file, "utf8")) : {};
  const passwords = {
    POSTGRES_OWNER_PASSWORD: randomBytes(24).toString("hex"),
    POSTGRES_PORTAL_PASSWORD: randomBytes(24).toString("hex"),
  };
  const secrets = { ...generateSecrets(), ...passwords, ...known };
  if (Object.keys(secrets).length > Object.keys(known).length) {
    writeFileSync(`${file}.new`, formatSecrets(secrets), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  chmodSync(file, 0o600);
  return secrets;
}
