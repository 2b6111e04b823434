-- Deletion orders under way become jobs.
INSERT INTO "jobs" ("id", "kind", "key", "payload", "run_at")
SELECT gen_random_uuid(), 'deletion_order', "id"::text, jsonb_build_object('orderId', "id"), date_trunc('milliseconds', now())
FROM "deletion_orders" WHERE "state" = 'running';
