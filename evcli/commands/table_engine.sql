-- reads the files that are named, writes the one that is asked for, spills into its own folder
SET memory_limit = '512MB'; -- of a gigabyte: Python, and what is not counted here, take their part
SET temp_directory = {folder};
SET allowed_paths = [{allowed}];
SET autoinstall_known_extensions = false;
SET autoload_known_extensions = false;
SET allow_community_extensions = false;
SET enable_progress_bar = true;
SET enable_progress_bar_print = false;
SET enable_external_access = false;
SET lock_configuration = true;
