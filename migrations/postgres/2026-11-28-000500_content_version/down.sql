drop trigger editions_moves_content on editions;
drop trigger redirects_moves_content on redirects;
drop trigger retractions_moves_content on retractions;
drop trigger sections_moves_content on sections;
drop trigger contributors_moves_content on contributors;
drop trigger tags_moves_content on tags;
drop trigger media_moves_content on media;
drop function move_content();
drop table content_version;
