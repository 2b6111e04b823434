import { defaultScope } from "@/components/retention/default-scope";
import { formInput } from "@/lib/http/form-input";

/** What a policy form asks of an operation: the one choice of scope becomes a unit or a queue, and no choice is no valid unit. */
export function policyInput<Input>(form: FormData): Input {
  const { scope = "", ...fields } = formInput<Record<string, string>>(form);
  const [kind, id] = scope.split(":");
  const unitId = kind === "unit" ? id : kind === "queue" || scope === defaultScope ? null : "";
  return { ...fields, unitId, queueId: kind === "queue" ? id : null } as Input;
}
