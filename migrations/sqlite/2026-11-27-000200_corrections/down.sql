drop table retractions;
alter table articles drop column corrections;
