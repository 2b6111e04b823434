import path from "node:path";

const DATABASE = "custodia";

const diskStore = (folder) => ({ STORE: "disk", DISK_STORE_PATH: path.join(folder, "store") });

/**
 * The portal's environment on one machine: embedded database, store (a folder, unless `store` names another),
 * secrets. Nothing of it can be overridden by variables that happen to be set on the host, so that a demo never
 * touches an installation's data.
 */
export function portalEnvironment({ database, name = DATABASE, folder, store = diskStore(folder), secrets, url }) {
  return {
    ...process.env,
    ...secrets,
    NEXT_TELEMETRY_DISABLED: "1",
    NEXTAUTH_URL: url,
    DATABASE_URL: database.applicationUrl(name),
    MIGRATION_DATABASE_URL: database.ownerUrl(name),
    ...store,
    CONTROLLER_NAME: "Custodia Demonstração",
    CONTROLLER_TIME_ZONE: "America/Sao_Paulo",
    PLAYBACK_DELIVERY: process.env.PLAYBACK_DELIVERY || "gateway",
    TRUSTED_PROXY_COUNT: "0",
    LOG_LEVEL: process.env.LOG_LEVEL || "info",
  };
}

/** Without the owner's address, which the portal itself never needs. */
export function withoutOwner(env) {
  const rest = { ...env };
  delete rest.MIGRATION_DATABASE_URL;
  return rest;
}
