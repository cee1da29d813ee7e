"""`gxgk verify`: does the archive hold what the database says?"""
