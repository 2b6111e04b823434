import { vi } from "vitest";

/**
 * Reloads the portal's modules with these settings, as a restart does: memory is lost, database and store stay.
 * Undefined removes a setting.
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
