drop index editions_live_changes;
