drop table audit;
drop function audit_stays;
