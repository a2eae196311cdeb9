"""The formats of an answer beside JSON: CSV, NDJSON, XLSX and Data Package."""
