-- A number that moves with whatever readers can see, in the transaction that changes it, whoever that is: answers that are kept ready are
-- good for one.
create table content_version (
    id integer not null constraint content_version_pkey primary key constraint content_version_id_check check (id = 1),
    version bigint not null
);
insert into content_version (id, version) values (1, 1);

-- Once in a transaction, and at its end: the row is held for no longer than the commit takes, and by nobody who still waits for another.
create function move_content() returns trigger language plpgsql as $$
begin
    update content_version set version = version + 1
    where xmin::text::bigint <> txid_current() % 4294967296;
    return null;
end $$;

create constraint trigger editions_moves_content after insert or update or delete on editions
    deferrable initially deferred for each row execute function move_content();
create constraint trigger redirects_moves_content after insert or update or delete on redirects
    deferrable initially deferred for each row execute function move_content();
create constraint trigger retractions_moves_content after insert or update or delete on retractions
    deferrable initially deferred for each row execute function move_content();
create constraint trigger sections_moves_content after insert or update or delete on sections
    deferrable initially deferred for each row execute function move_content();
create constraint trigger contributors_moves_content after insert or update or delete on contributors
    deferrable initially deferred for each row execute function move_content();
create constraint trigger tags_moves_content after insert or update or delete on tags
    deferrable initially deferred for each row execute function move_content();
-- Of a media nobody sees anything before something shows it.
create constraint trigger media_moves_content after update on media
    deferrable initially deferred for each row execute function move_content();
