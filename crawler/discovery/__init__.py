"""WHERE: the bytes of a listing become links."""
