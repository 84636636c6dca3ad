-- What the device told of a photo beside its bytes, and of its clock; null where it said nothing. `captured_at` and
-- `captured_lng`, `captured_lat` are what the metadata inside the picture said.

-- By the device's clock.
alter table photo add column shot_at bigint;
-- Where the device was at the shutter, WGS-84.
alter table photo add column shot_lng double precision;
alter table photo add column shot_lat double precision;
alter table photo add column shot_accuracy_m double precision;
-- camera or gallery
alter table photo add column source text;
-- SHA-256 of the picture before anything was written on it, in hex.
alter table photo add column shot_sha256 text;
-- The photo of which this is a copy with marks drawn on it. It may arrive later, or never.
alter table photo add column copy_of uuid;
-- How far the device's clock was ahead of the server's when the photo was sent, milliseconds.
alter table photo add column clock_skew_ms bigint;
