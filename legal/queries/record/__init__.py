"""Read the record: jurisdictions, measures, figures, documents, citations and conflicts."""
