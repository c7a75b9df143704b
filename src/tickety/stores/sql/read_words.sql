CREATE VIRTUAL TABLE temp.words_read USING fts5vocab (main, words, instance)
