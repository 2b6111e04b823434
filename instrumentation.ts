/** Runs once when a server starts: refuses an incomplete environment, then starts the sealer of the audit log. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startPortal } = await import("@/lib/schedule/start-portal");
  await startPortal();
}
