"""The book of results (sổ kết quả) by which a district reports its communes: written, sealed, read."""
