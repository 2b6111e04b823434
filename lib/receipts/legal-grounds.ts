/** Provisions of the LGPD under which each kind of deletion happens, as codes; the certificate has the words. */
const grounds: Record<string, readonly string[]> = {
  retention_expired: ["lgpd_15_ii", "lgpd_16"],
  cleanup: ["lgpd_15_i", "lgpd_16"],
  lost: ["lgpd_15_i", "lgpd_16"],
  erasure: ["lgpd_18_iv", "lgpd_18_vi", "lgpd_16"],
};

export function legalGrounds(reason: string): string[] {
  return [...(grounds[reason] ?? [])];
}
