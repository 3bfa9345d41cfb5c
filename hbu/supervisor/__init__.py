"""`manage.py run`: the whole house as child processes of one, on one machine.

`house` says what runs and in which order, `children` keeps a process alive, `rundir` remembers
them beyond a crash, `ports` finds free ones, and `leash` ends a child whose parent was killed.
"""
