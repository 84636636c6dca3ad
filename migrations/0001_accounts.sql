-- Accounts, the units people speak for, sessions, and failed sign-ins.
-- Times are Unix milliseconds. Types are those both engines share: uuid, text, bigint, double precision, boolean.

create table account (
    id uuid primary key not null,
    username text not null,
    -- The user name as it is compared: trimmed, in lower case.
    username_key text not null unique,
    name text not null,
    role text not null check (role in ('inspector', 'unit', 'manager', 'admin')),
    -- A PHC string: algorithm, parameters, salt and hash.
    password_hash text not null,
    created_at bigint not null,
    password_changed_at bigint not null,
    disabled_at bigint
);

-- Which units a person speaks for. The unit's row may come later than the membership, from another file of an import,
-- so it is not referenced here.
create table membership (
    user_id uuid not null references account (id),
    unit_id uuid not null,
    primary key (user_id, unit_id)
);

create index membership_by_unit on membership (unit_id);

create table session (
    -- SHA-256 of the token, in hex: whoever reads this table cannot sign in with it.
    token_hash text primary key not null,
    user_id uuid not null references account (id),
    created_at bigint not null,
    used_at bigint not null,
    expires_at bigint not null
);

create index session_by_user on session (user_id);
create index session_by_expiry on session (expires_at);

-- Wrong passwords in a row, by the name that was typed: names without an account are counted too, so that being locked
-- out does not tell which names exist.
create table sign_in_failure (
    username_key text primary key not null,
    failures bigint not null,
    failed_at bigint not null
);

create index sign_in_failure_by_time on sign_in_failure (failed_at);
