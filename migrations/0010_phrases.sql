-- Common problems of a clause (常见问题), in the order they are offered: JSON as the API shows them.
alter table clause add column phrases text not null default '[]';

-- The common problem that an issue was reported as, in the words of that day; null where none was chosen.
alter table issue add column problem text;
