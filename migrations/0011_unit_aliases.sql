-- What people call a unit besides its names, with `;` between them; it is found by these.

alter table unit add column aliases text not null default '';
