drop table search_texts_words;
drop table search_texts;
