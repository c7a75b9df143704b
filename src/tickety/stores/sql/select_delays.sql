SELECT rule, seconds FROM delay ORDER BY rule
