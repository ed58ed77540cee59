module previewd

go 1.26
