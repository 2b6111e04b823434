import { defaultScope } from "@/components/retention/default-scope";
import { formInput } from "@/lib/http/form-input";

/** What a policy form asks of an operation: the one choice of scope becomes a unit or a queue. */
export function policyInput<Input>(form: FormData): Input {
  const { scope = defaultScope, ...fields } = formInput<Record<string, string>>(form);
  const [kind, id = null] = scope.split(":");
  return { ...fields, unitId: kind === "unit" ? id : null, queueId: kind === "queue" ? id : null } as Input;
}
