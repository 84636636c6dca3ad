-- One row that is written to prove that the database keeps what it is given.
create table heartbeat (
    id bigint primary key not null,
    beat_at bigint not null
);
