-- How much an account has sent today is asked before every photo: from this index alone.

create index photo_by_uploader on photo (uploader_id, created_at, bytes);
