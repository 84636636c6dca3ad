-- Devices on which somebody has signed in before. Wrong passwords that strangers try do not hold them up.
create table known_device (
    -- SHA-256 of the token in the device's cookie, in hex.
    device_hash text not null,
    user_id uuid not null references account (id),
    used_at bigint not null,
    -- A phone that is shared is known to each of its people.
    primary key (device_hash, user_id)
);

create index known_device_by_user on known_device (user_id, used_at);
create index known_device_by_use on known_device (used_at);

-- Goes up when the operator unlocks the account or gives it a new password: wrong passwords counted before are void.
alter table account add column sign_in_epoch bigint not null default 0;

-- Wrong passwords are counted in the memory of the server's process now. The table stays, empty, because processes of
-- version 0.2.0 count in it until they are replaced.
delete from sign_in_failure;
