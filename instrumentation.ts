/** Next.js calls it once when a server starts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startPortal } = await import("@/lib/schedule/start-portal");
  await startPortal();
}
