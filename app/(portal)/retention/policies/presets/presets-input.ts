import { formInput } from "@/lib/http/form-input";

/** Converts the form of presets to the input of an operation: the ticked presets with what each applies to. */
export function presetsInput<Input>(form: FormData): Input {
  const { reviewOn = "", reason = "", acknowledgedDue, ...fields } = formInput<Record<string, string>>(form);
  const keys = Object.keys(fields)
    .filter((name) => name.startsWith("use:"))
    .map((name) => name.slice("use:".length));
  const uses = keys.map((key) => {
    const [kind, id] = (fields[`scope:${key}`] ?? "").split(":") as [string, string?];
    const unitId = kind === "unit" ? (id ?? "") : ["queue", "all", "default"].includes(kind) ? null : "";
    const isDefault = kind === "default";
    return {
      key,
      isDefault,
      match: {
        unitId,
        queueId: kind === "queue" ? (id ?? "") : null,
        direction: null,
        callKind: isDefault ? null : fields[`callKind:${key}`]?.trim() || null,
      },
    };
  });
  return { uses, reviewOn, reason, acknowledgedDue } as Input;
}
