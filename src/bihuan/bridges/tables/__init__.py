"""Tables that people send: CSV and XLSX."""
