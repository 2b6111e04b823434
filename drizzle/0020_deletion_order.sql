UPDATE "recordings" SET "deletion_reason" = 'deletion_order' WHERE "deletion_reason" = 'cleanup';--> statement-breakpoint
UPDATE "deletion_orders" SET "reason" = 'deletion_order' WHERE "reason" = 'cleanup';--> statement-breakpoint
UPDATE "approvals" SET "kind" = 'deletion_order' WHERE "kind" = 'cleanup';
