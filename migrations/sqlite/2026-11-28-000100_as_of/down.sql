drop index editions_listing;
