drop table search_texts;
