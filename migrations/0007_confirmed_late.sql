-- When the unit confirmed, where that was after the due time: lists say by how much it was late.

alter table issue add column confirmed_late_at bigint;

-- Inside a text of the body every quotation mark is escaped, so this finds the kind of the event and nothing that was written.
update issue set confirmed_late_at = (
    select max(event.server_at) from event where event.issue_id = issue.id and event.body like '%"what":"confirmed"%'
) where is_on_time = false;
