-- The county's catalogue: units, areas, spot types with their clauses, spots, routing rules; the calendars; settings.
-- Rows are retired (`active`), never deleted: old issues go on naming them.

create table unit (
    id uuid primary key not null,
    code text not null unique,
    name text not null,
    short_name text not null,
    -- 分组: only units of one group are compared.
    ranking_group text not null,
    -- Looked at when the transaction ends: the unit above may come later in the same import.
    parent_id uuid references unit (id) deferrable initially deferred,
    active boolean not null
);

create table area (
    id uuid primary key not null,
    code text not null unique,
    name text not null,
    parent_id uuid references area (id) deferrable initially deferred,
    unit_id uuid references unit (id)
);

create table spot_type (
    code text primary key not null,
    name text not null,
    lead_text text not null,
    coop_text text not null,
    evidence text not null check (evidence in ('A', 'B', 'C')),
    route text not null
);

create table clause (
    code text primary key not null,
    dimension text not null,
    text text not null,
    method text not null,
    not_counted text not null,
    category text not null check (category in ('part', 'event')),
    role text check (role in ('lead', 'territory', 'operator')),
    default_unit_id uuid references unit (id),
    owner_text text not null,
    limit_value bigint not null,
    limit_kind text not null check (limit_kind in ('urgent_hour', 'work_hour', 'work_day', 'calendar_day')),
    severity text not null check (severity in ('minor', 'general', 'serious')),
    hours_sensitive boolean not null,
    active boolean not null
);

create table spot_type_clause (
    spot_type text not null references spot_type (code),
    clause_code text not null references clause (code),
    -- The place in the type's check list.
    position bigint not null,
    -- What `{n}` in the clause's text stands for.
    n bigint,
    note text not null,
    active boolean not null,
    primary key (spot_type, clause_code)
);

create table spot (
    id uuid primary key not null,
    code text not null unique,
    name text not null,
    -- Pinyin initials of the name, in lower case.
    initials text not null,
    spot_type text not null references spot_type (code),
    area_id uuid not null references area (id),
    address text not null,
    -- Degrees, WGS-84.
    lng double precision not null,
    lat double precision not null,
    lead_unit_id uuid references unit (id),
    territory_unit_id uuid references unit (id),
    operator_unit_id uuid references unit (id),
    head text not null,
    hours text not null,
    active boolean not null
);

-- Either a spot and a clause, or a spot type and an area.
create table routing_rule (
    id uuid primary key not null,
    spot_id uuid references spot (id),
    clause_code text references clause (code),
    spot_type text references spot_type (code),
    area_id uuid references area (id),
    unit_id uuid not null references unit (id),
    note text not null,
    active boolean not null,
    unique (spot_id, clause_code),
    unique (spot_type, area_id),
    check (
        (spot_id is not null and clause_code is not null and spot_type is null and area_id is null)
        or (spot_id is null and clause_code is null and spot_type is not null and area_id is not null)
    )
);

-- Every edition that was ever in force: orders name the one that decided their due time.
create table calendar (
    version text primary key not null,
    -- The form of `data/calendar.json`.
    years text not null,
    imported_at bigint not null
);

-- What the county has settled, one JSON value per key: `calendar` (the version in force), `working_hours`, `policy`,
-- and `catalogue_version`, a number that every change of these tables moves on.
create table setting (
    key text primary key not null,
    value text not null
);
