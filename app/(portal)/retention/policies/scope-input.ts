/**
 * Reads the choice of what a policy applies to: "unit:<id>", "queue:<id>", "all" or "default". Any other choice gives
 * an invalid unit: a policy must not apply to everything because nothing was chosen.
 */
export function scopeInput(choice = "") {
  const [kind, id = ""] = choice.split(":") as [string, string?];
  const isWhole = ["queue", "all", "default"].includes(kind);
  return {
    isDefault: kind === "default",
    unitId: kind === "unit" ? id : isWhole ? null : "",
    queueId: kind === "queue" ? id : null,
  };
}
