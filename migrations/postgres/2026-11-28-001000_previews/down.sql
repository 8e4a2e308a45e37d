drop table preview_tokens;
