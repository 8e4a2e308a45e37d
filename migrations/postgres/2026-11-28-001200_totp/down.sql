drop table totps;
