"""Tables that people send: CSV, XLSX and Parquet."""
