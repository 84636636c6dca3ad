-- Issues, their orders and events, photos, and the counters behind the rates.
-- `event` is the truth; `issue`, `unit_order` and `rate_counter` are caches of it, written in the same transaction.

create table event (
    issue_id uuid not null,
    -- The place in the issue's chain, from 1.
    seq bigint not null,
    -- For the first event of a step, the id the client gave the step.
    id uuid not null unique,
    area_id uuid not null,
    order_id uuid,
    actor_id uuid not null,
    server_at bigint not null,
    -- SHA-256 of what was asked for, with the first event of a step: a repeated step is known by it.
    request_hash text,
    -- The event as JSON, byte for byte what was hashed, and SHA-256 of the hash before and this text.
    body text not null,
    hash text not null,
    primary key (issue_id, seq)
);

create table issue (
    id uuid primary key not null,
    area_id uuid not null,
    spot_id uuid not null,
    spot_type text not null,
    clause_code text not null,
    severity text not null,
    description text not null,
    -- What is searched: description, spot, clause and unit, in lower case.
    search text not null,
    reporter_id uuid not null,
    rechecker_id uuid,
    reported_at bigint not null,
    state text not null,
    closing_kind text,
    closed_at bigint,
    is_recurrence boolean not null,
    -- The first before-photo.
    photo_id uuid,
    -- Of the order in force.
    order_id uuid,
    unit_id uuid,
    dispatched_at bigint,
    due_at bigint,
    -- From when the order counts as past due; null while the clock stands in time, and at the end.
    overdue_from bigint,
    ended_at bigint,
    is_on_time boolean,
    is_replied boolean not null,
    first_recheck_passed boolean,
    round bigint not null,
    last_seq bigint not null
);

create index issue_by_time on issue (reported_at, id);
create index issue_by_unit on issue (unit_id, reported_at, id);
create index issue_by_unit_due on issue (unit_id, due_at, id);
create index issue_by_due on issue (due_at, id);
create index issue_by_state on issue (state, reported_at, id);
create index issue_by_spot on issue (spot_id, clause_code, closed_at);
create index issue_by_spot_time on issue (spot_id, reported_at, id);
create index issue_by_type on issue (spot_type, reported_at, id);
create index issue_by_clause on issue (clause_code, reported_at, id);
create index issue_by_reporter on issue (reporter_id, reported_at, id);
create index issue_overdue on issue (overdue_from, unit_id) where overdue_from is not null;

create table unit_order (
    id uuid primary key not null,
    area_id uuid not null,
    issue_id uuid not null references issue (id),
    unit_id uuid not null,
    state text not null,
    dispatched_at bigint not null,
    due_at bigint not null,
    ended_at bigint
);

create index unit_order_by_issue on unit_order (issue_id);
create index unit_order_by_unit on unit_order (unit_id, dispatched_at);

create table photo (
    id uuid primary key not null,
    uploader_id uuid not null,
    created_at bigint not null,
    -- SHA-256 of the bytes that were sent, in hex.
    sha256 text not null,
    -- 64 bits that photos of the same thing share.
    perceptual_hash bigint not null,
    -- Pixels of the upright original.
    width bigint not null,
    height bigint not null,
    -- Bytes as they were sent.
    bytes bigint not null,
    -- What the metadata said before it was taken off; null where it said nothing.
    captured_at bigint,
    captured_lng double precision,
    captured_lat double precision,
    -- The issue and the event it belongs to; null until a report or a step names it.
    issue_id uuid,
    event_seq bigint
);

create index photo_by_issue on photo (issue_id);
create index photo_by_hash on photo (sha256);
create index photo_orphans on photo (created_at) where issue_id is null;

-- Sums over orders, one row per group and business day; see `app::rate`.
create table rate_counter (
    -- unit, spot_type, clause or area
    dimension text not null,
    -- due, dispatched or closed
    basis text not null,
    -- 20261231
    day bigint not null,
    -- The unit's or area's id, or the code of the type or clause.
    key text not null,
    dispatched bigint not null,
    closed bigint not null,
    closed_on_time bigint not null,
    replied bigint not null,
    reworked bigint not null,
    rework_rounds bigint not null,
    first_rechecks bigint not null,
    first_passed bigint not null,
    void bigint not null,
    primary key (dimension, basis, day, key)
);
