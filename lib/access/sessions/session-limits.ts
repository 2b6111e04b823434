import { sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { controllerVersions, sessions, users } from "@/lib/db/schema";

/** Without settings: half an hour for whoever sees most, a working day for the others, five sessions each. */
export const defaultLimits = { idleMinutesPrivileged: 30, idleMinutesOthers: 720, maxSessions: 5 } as const;

/** What the controller's settings may say. */
export const limitBounds = {
  idleMinutesPrivileged: { min: 5, max: 720 },
  idleMinutesOthers: { min: 5, max: 720 },
  maxSessions: { min: 1, max: 50 },
} as const;

/** Reads one of the limits in force, by the unique index of the versions. */
const limitInForce = (limit: SQLWrapper, otherwise: SQL) =>
  sql`coalesce((select ${limit} from ${controllerVersions} order by ${controllerVersions.version} desc limit 1),
    ${otherwise})`;

const isPrivileged = (role: SQLWrapper) => sql`${role} in ('dpo', 'admin')`;

/** Minutes without use after which a session of somebody with this role ends. */
const idleMinutes = (role: SQLWrapper) => {
  const { idleMinutesPrivileged, idleMinutesOthers } = controllerVersions;
  const chosen = sql`case when ${isPrivileged(role)} then ${idleMinutesPrivileged} else ${idleMinutesOthers} end`;
  const standard = sql`case when ${isPrivileged(role)} then ${sql.raw(String(defaultLimits.idleMinutesPrivileged))}
    else ${sql.raw(String(defaultLimits.idleMinutesOthers))} end`;
  return limitInForce(chosen, standard);
};

/** How many sessions a person may have at once. */
export const maxSessions = limitInForce(controllerVersions.maxSessions, sql.raw(String(defaultLimits.maxSessions)));

/**
 * Sessions that work: not ended, not expired, used within the idle time. By the database's clock alone.
 * @param role of the session's person; default: read from their row.
 */
export const isOpenSession = (
  role: SQLWrapper = sql`(select ${users.role} from ${users} where ${users.id} = ${sessions.userId})`,
): SQL => sql`(${sessions.endedAt} is null and ${sessions.expiresAt} > now()
  and ${sessions.lastUsedAt} > now() - make_interval(mins => ${idleMinutes(role)}))`;
