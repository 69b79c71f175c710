"""Documents as files: what is laid out by a library (PDF, Word, workbooks), and calendars."""
