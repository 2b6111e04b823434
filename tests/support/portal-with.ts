import { vi } from "vitest";

/**
 * The portal as it is after a start with these settings: its modules are loaded anew and read the environment
 * again, and what an earlier one had in memory is forgotten. Database and store stay. Undefined takes a setting
 * away.
 */
export async function portalWith(settings: Record<string, string | undefined>) {
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  vi.resetModules();
  const [people, playbacks, uploads, rewrap] = await Promise.all([
    import("./people"),
    import("./playbacks"),
    import("./uploads"),
    import("@/lib/encryption-keys/run-rewrap"),
  ]);
  return { ...people, ...playbacks, ...uploads, ...rewrap };
}

export type StartedPortal = Awaited<ReturnType<typeof portalWith>>;
