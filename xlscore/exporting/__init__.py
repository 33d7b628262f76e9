"""Forms of the procedure after self-assessment, written and recorded: books, replies, surveys, results."""
