"""What follows from the declarations of records: keys of fact files, tables of packages."""
