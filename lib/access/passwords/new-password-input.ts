import { z } from "zod";
import { maxPasswordLength } from "@/lib/access/sign-in/passwords";

/** The fields of a form for a new password, typed twice, beside others. */
export const newPasswordInput = <Shape extends z.ZodRawShape>(others: Shape) =>
  z
    .object({ newPassword: z.string().min(1).max(maxPasswordLength), repeatedPassword: z.string(), ...others })
    .superRefine((sent, context) => {
      const { newPassword, repeatedPassword } = sent as { newPassword: string; repeatedPassword: string };
      if (newPassword !== repeatedPassword)
        context.addIssue({ code: "custom", path: ["repeatedPassword"], message: "not_equal" });
    });
