import {
  beginPasskeyStepAction,
  completePasskeyStepAction,
  completeSecondStepAction,
} from "@/app/(public)/sign-in/actions";
import type { SecondStepActions } from "@/components/access/sign-in/second-step";

/** The actions of the second step, after a password or after a sign-in at the provider. */
export const secondStepActions: SecondStepActions = {
  code: completeSecondStepAction,
  beginPasskey: beginPasskeyStepAction,
  passkey: completePasskeyStepAction,
};
