-- A number that moves with whatever readers can see, in the transaction that changes it, whoever that is: answers that are kept ready are
-- good for one.
create table content_version (
    id integer not null constraint content_version_pkey primary key constraint content_version_id_check check (id = 1),
    version integer not null
) strict;
insert into content_version (id, version) values (1, 1);

create trigger editions_insert_moves_content after insert on editions begin
    update content_version set version = version + 1;
end;
create trigger editions_update_moves_content after update on editions begin
    update content_version set version = version + 1;
end;
create trigger editions_delete_moves_content after delete on editions begin
    update content_version set version = version + 1;
end;
create trigger redirects_insert_moves_content after insert on redirects begin
    update content_version set version = version + 1;
end;
create trigger redirects_update_moves_content after update on redirects begin
    update content_version set version = version + 1;
end;
create trigger redirects_delete_moves_content after delete on redirects begin
    update content_version set version = version + 1;
end;
create trigger retractions_insert_moves_content after insert on retractions begin
    update content_version set version = version + 1;
end;
create trigger retractions_update_moves_content after update on retractions begin
    update content_version set version = version + 1;
end;
create trigger retractions_delete_moves_content after delete on retractions begin
    update content_version set version = version + 1;
end;
create trigger sections_insert_moves_content after insert on sections begin
    update content_version set version = version + 1;
end;
create trigger sections_update_moves_content after update on sections begin
    update content_version set version = version + 1;
end;
create trigger sections_delete_moves_content after delete on sections begin
    update content_version set version = version + 1;
end;
create trigger contributors_insert_moves_content after insert on contributors begin
    update content_version set version = version + 1;
end;
create trigger contributors_update_moves_content after update on contributors begin
    update content_version set version = version + 1;
end;
create trigger contributors_delete_moves_content after delete on contributors begin
    update content_version set version = version + 1;
end;
create trigger tags_insert_moves_content after insert on tags begin
    update content_version set version = version + 1;
end;
create trigger tags_update_moves_content after update on tags begin
    update content_version set version = version + 1;
end;
create trigger tags_delete_moves_content after delete on tags begin
    update content_version set version = version + 1;
end;
-- Of a media nobody sees anything before something shows it.
create trigger media_update_moves_content after update on media begin
    update content_version set version = version + 1;
end;
