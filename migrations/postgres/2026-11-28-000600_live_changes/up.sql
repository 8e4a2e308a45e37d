-- What changed last, told by the index alone: files of the sitemap say when something of them did.
create index editions_live_changes on editions (live_from desc, published_at) where live_until is null;
