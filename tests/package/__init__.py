"""The Debian package as a newcomer has it: installed in a bare Debian, called, upgraded, rolled back, removed."""
