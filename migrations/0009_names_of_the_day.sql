-- What the place, the clause, the unit and the limit of an issue were called on their day, as its events tell. Null in issues
-- whose events do not tell it: those are shown with today's words.

alter table issue add column spot_name text;
-- As it read at this spot.
alter table issue add column clause_text text;
-- Of the order in force.
alter table issue add column unit_name text;
-- Of the order in force, such as 2work_day.
alter table issue add column order_limit text;
