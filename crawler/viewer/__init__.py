"""What ``scrapy serve`` shows: the archive in a browser, on Datasette, with pages of our own."""
