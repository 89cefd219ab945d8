"""A whole machine for one deployment: a real systemd in private namespaces.

Where the judge beside this package rewrites paths and runs everything as one user, here nothing is rewritten: an
overlay over this machine's own root carries the deployment at its real paths, with users and permissions, and a
systemd of its own (PID 1 of a new PID namespace, with its own network, cgroups, /run, /tmp, /dev and /proc) starts
Debian's nginx on port 80 and the units.

    plan      what is to be tried: a `World`, permissions, users, what is started and done
    disk      the layer that the deployment is, over the root of this machine
    packages  virtual environments, built once and put under the root as layers
    boot      in the new namespaces: mounts everything and becomes systemd
    driver    under that systemd: starts, acts, asks for pages, writes down what it saw
    reading   from what the driver wrote to an `Outcome`
    capability  what of all this the machine does not allow
"""
