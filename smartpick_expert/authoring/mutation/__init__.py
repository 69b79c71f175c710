"""Rules damaged in one place, run on the facts of cases and on facts made up for them."""
