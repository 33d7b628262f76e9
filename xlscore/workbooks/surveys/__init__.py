"""Survey books (sổ nhập kết quả điều tra): one per tier, units × rows that take others' figures."""
