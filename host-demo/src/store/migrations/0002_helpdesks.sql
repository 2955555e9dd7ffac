-- Helpdesks that send messages, one of a kind for each tenant.
CREATE TABLE helpdesks (
    tenant TEXT NOT NULL,
    adapter TEXT NOT NULL,
    -- A part of the address to which it sends; not a secret.
    id TEXT NOT NULL UNIQUE,
    -- How its messages are read, as JSON text.
    settings TEXT NOT NULL,
    -- Secrets verify, so they are kept as they are.
    secret TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, adapter)
);

-- Kinds of messages that an endpoint wants, divided by spaces; null for all.
ALTER TABLE endpoints ADD COLUMN kinds TEXT;
