"""The written advice: statements with their origin, the view that documents show, the documents."""
