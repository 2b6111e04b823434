import { randomBytes } from "node:crypto";
import { hashPassword } from "@/lib/access/sign-in/passwords";

/** The hash of a password that nobody knows, until the person sets one by a link. */
export const unusablePasswordHash = () => hashPassword(randomBytes(32).toString("base64url"));
