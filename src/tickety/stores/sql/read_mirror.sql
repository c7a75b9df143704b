CREATE VIRTUAL TABLE temp.mirror_read USING fts5vocab (temp, mirror, instance)
