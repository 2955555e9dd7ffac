-- One text for both databases. A line that begins with --sqlite or --postgres is for that one alone.
-- Instants are milliseconds since 1970; documents are JSON text as it came.

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('change', 0);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    tenant TEXT NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    -- SHA-256 of the token, in hexadecimal digits.
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE agreements (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,
    document TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, id, version)
);

-- The truth: what happened, append-only. A ticket's creation is its fact with an empty id.
CREATE TABLE facts (
    tenant TEXT NOT NULL,
    ticket TEXT NOT NULL,
    id TEXT NOT NULL,
    -- Order of arrival within the ticket.
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, ticket, id)
--sqlite ) WITHOUT ROWID;
--postgres );

-- An index of the facts: nothing here could not be made again from them.
CREATE TABLE tickets (
    tenant TEXT NOT NULL,
    ticket TEXT NOT NULL,
    agreement TEXT NOT NULL,
    -- 1 once the creation is known.
    created BIGINT NOT NULL,
    -- Grows with every arrival; what was computed from an older number is out of date.
    revision BIGINT NOT NULL,
    -- When the ticket is to be looked at again; 0 at once; null never.
    next_at BIGINT,
    -- Earliest due time of an open clock, the order of boards; the largest number for none.
    due_at BIGINT NOT NULL,
    -- 1 while a clock is open.
    is_open BIGINT NOT NULL,
    -- Alarms before this instant were told elsewhere.
    quiet_until BIGINT,
    last_at BIGINT NOT NULL,
    -- Position in the order of changes.
    change BIGINT NOT NULL,
    -- Why the ticket cannot be evaluated, as a problem in JSON.
    fault TEXT,
    PRIMARY KEY (tenant, ticket)
--sqlite ) WITHOUT ROWID;
--postgres );
CREATE INDEX tickets_next ON tickets (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX tickets_change ON tickets (tenant, change);
CREATE INDEX tickets_due ON tickets (tenant, is_open, due_at, ticket);

CREATE TABLE endpoints (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    url TEXT NOT NULL,
    -- Secrets sign, so they are kept as they are.
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_until BIGINT,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    PRIMARY KEY (tenant, id)
);

-- The outbox: an alarm is written here in the transaction that finds it.
CREATE TABLE messages (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    ticket TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- When it is to be sent; null never.
    due_at BIGINT,
    -- due, cancelled or quiet.
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX messages_ticket ON messages (tenant, ticket);

CREATE TABLE deliveries (
    tenant TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    message TEXT NOT NULL,
    ticket TEXT NOT NULL,
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    -- pending, done, dead or cancelled.
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    settled_at BIGINT,
    PRIMARY KEY (tenant, endpoint, message)
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'pending';
CREATE INDEX deliveries_ticket ON deliveries (tenant, endpoint, ticket) WHERE state = 'pending';
CREATE INDEX deliveries_message ON deliveries (tenant, message);

-- What stays of tickets that were purged: how many clocks ended how.
CREATE TABLE figures (
    tenant TEXT NOT NULL,
    agreement TEXT NOT NULL,
    -- Of the creation, such as 2026-11.
    month TEXT NOT NULL,
    clock TEXT NOT NULL,
    verdict TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (tenant, agreement, month, clock, verdict)
);
