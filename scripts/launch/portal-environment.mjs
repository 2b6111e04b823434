import path from "node:path";
import { transcoderSetting } from "./transcoder-programs.mjs";

const DATABASE = "custodia";

const diskStore = (folder) => ({ STORE: "disk", DISK_STORE_PATH: path.join(folder, "store") });

/** Messages to people go nowhere: also not to the mail server of the host's environment. */
export const noMessages = {
  SMTP_URL: "",
  SMTP_CA_FILE: "",
  MAIL_FROM: "",
  SMS_GATEWAY_URL: "",
  SMS_GATEWAY_SECRETS: "",
  VOICE_GATEWAY_URL: "",
  VOICE_GATEWAY_SECRETS: "",
  MESSAGE_OUTCOME_SECRETS: "",
};

const secret = `whsec_${Buffer.alloc(24).toString("base64")}`;

/** Every channel is set up, so that the pages offer it, and nothing listens there. For tests and measurements. */
export const messagesToNowhere = {
  ...noMessages,
  SMTP_URL: "smtp://127.0.0.1:1",
  MAIL_FROM: "privacidade@example.com",
  SMS_GATEWAY_URL: "http://127.0.0.1:1/sms",
  SMS_GATEWAY_SECRETS: secret,
  VOICE_GATEWAY_URL: "http://127.0.0.1:1/voice",
  VOICE_GATEWAY_SECRETS: secret,
};

/**
 * Returns the environment of a portal with an embedded database. Its store is a folder unless `store` has other
 * settings, and it sends messages only if `messages` has. Variables of the host do not override these, so that a demo
 * never touches an installation's data.
 */
export function portalEnvironment({
  database,
  name = DATABASE,
  folder,
  store = diskStore(folder),
  messages = noMessages,
  secrets,
  url,
}) {
  return {
    ...process.env,
    ...secrets,
    NEXT_TELEMETRY_DISABLED: "1",
    NEXTAUTH_URL: url,
    DATABASE_URL: database.applicationUrl(name),
    MIGRATION_DATABASE_URL: database.ownerUrl(name),
    ...store,
    ...messages,
    CONTROLLER_NAME: "Custodia Demonstração",
    CONTROLLER_TIME_ZONE: "America/Sao_Paulo",
    MEDIA_TRANSCODER: process.env.MEDIA_TRANSCODER || transcoderSetting(),
    PLAYBACK_DELIVERY: process.env.PLAYBACK_DELIVERY || "gateway",
    TRUSTED_PROXY_COUNT: "0",
    LOG_LEVEL: process.env.LOG_LEVEL || "info",
  };
}

/** Removes the address of the database owner, which the portal does not need. */
export function withoutOwner(env) {
  const rest = { ...env };
  delete rest.MIGRATION_DATABASE_URL;
  return rest;
}
