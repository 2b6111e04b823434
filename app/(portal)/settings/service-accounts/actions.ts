"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { createApiKey } from "@/lib/access/service-accounts/create-api-key";
import { createServiceAccount } from "@/lib/access/service-accounts/create-service-account";
import { deactivateServiceAccount } from "@/lib/access/service-accounts/deactivate-service-account";
import { reactivateServiceAccount } from "@/lib/access/service-accounts/reactivate-service-account";
import { revokeApiKey } from "@/lib/access/service-accounts/revoke-api-key";
import { setDialling } from "@/lib/access/service-accounts/set-dialling";
import { removeWebhook } from "@/lib/access/webhooks/remove-webhook";
import { rotateWebhookSecret } from "@/lib/access/webhooks/rotate-webhook-secret";
import { sendTestWebhook } from "@/lib/access/webhooks/send-test-webhook";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";

type Changed = ActionState<{ serviceAccountId: string }>;
type KeyCreated = ActionState<{ apiKeyId: string; apiKey: string }>;
type KeyRevoked = ActionState<{ apiKeyId: string }>;
type WebhookSet = ActionState<{ serviceAccountId: string; secret: string | null }>;
type SecretRotated = ActionState<{ serviceAccountId: string; secret: string }>;
type WebhookTested = ActionState<{ serviceAccountId: string; failure: string | null }>;

export async function createServiceAccountAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(createServiceAccount, formInput(form)));
}

export async function deactivateServiceAccountAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(deactivateServiceAccount, formInput(form)));
}

export async function reactivateServiceAccountAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(reactivateServiceAccount, formInput(form)));
}

export async function setDiallingAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(setDialling, formInput(form)));
}

export async function createApiKeyAction(_: KeyCreated, form: FormData): Promise<KeyCreated> {
  return refreshed(runAction(createApiKey, formInput(form)));
}

export async function revokeApiKeyAction(_: KeyRevoked, form: FormData): Promise<KeyRevoked> {
  return refreshed(runAction(revokeApiKey, formInput(form)));
}

export async function setWebhookAction(_: WebhookSet, form: FormData): Promise<WebhookSet> {
  return refreshed(runAction(setWebhook, formInput(form)));
}

export async function rotateWebhookSecretAction(_: SecretRotated, form: FormData): Promise<SecretRotated> {
  return refreshed(runAction(rotateWebhookSecret, formInput(form)));
}

export async function sendTestWebhookAction(_: WebhookTested, form: FormData): Promise<WebhookTested> {
  return refreshed(runAction(sendTestWebhook, formInput(form)));
}

export async function removeWebhookAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(removeWebhook, formInput(form)));
}
