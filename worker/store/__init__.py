"""Every query, named by its purpose. Functions take the session first and leave the commit to the caller."""
