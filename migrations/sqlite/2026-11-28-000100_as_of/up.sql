-- What readers saw at a moment is listed from here: from that moment's last published story on, over closed editions too.
-- Without `live_until`, which would have what counts live editions prefer this index to a smaller one.
create index editions_listing on editions (published_at desc, article_id desc, live_from);
