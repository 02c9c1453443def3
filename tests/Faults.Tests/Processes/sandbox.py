"""Becomes a program that has no more rights than a unit of systemd gives its service, also where systemd does not run.

    sandbox.py UNIT UID GID PROGRAM [ARGUMENT...]

Of the unit it takes the system call filter, the address families, the namespaces and the capabilities, systemd.exec(5), and puts them in force with
seccomp(2) and prctl(2). The groups of system calls are those of this machine's systemd-analyze(1). Exit code 77: it needs python3-seccomp.
"""

import ctypes
import errno
import os
import socket
import subprocess
import sys

try:
    from seccomp import ALLOW, EQ, ERRNO, MASKED_EQ, NE, Arg, SyscallFilter
except ImportError:
    sys.exit(77)

NAMESPACES = 0x7E020080  # CLONE_NEW*: cgroup, ipc, net, mnt, pid, user, uts and time
PR_CAPBSET_DROP = 24


def settings(unit):
    with open(unit, encoding="utf-8") as lines:
        for line in lines:
            name, separator, value = line.strip().partition("=")
            if separator and not name.startswith("#"):
                yield name, value


def calls(name):
    if not name.startswith("@"):
        return {name}
    listing = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", name], check=True, capture_output=True, text=True).stdout
    members = [line.strip() for line in listing.splitlines()[1:]]
    return set().union(*(calls(member) for member in members if member and not member.startswith("#")))


def allowed(unit):
    result = set()
    for name, value in settings(unit):
        if name != "SystemCallFilter":
            continue
        listed = set().union(*(calls(each) for each in value.lstrip("~").split()))
        result = result - listed if value.startswith("~") else result | listed
    return result


def sandbox(unit):
    unit_settings = dict(settings(unit))
    assert unit_settings["RestrictAddressFamilies"] == "AF_UNIX" and unit_settings["RestrictNamespaces"] == "yes"
    refused = SyscallFilter(defaction=ERRNO(getattr(errno, unit_settings["SystemCallErrorNumber"])))
    for name in sorted(allowed(unit) - {"socket", "clone", "clone3", "unshare", "setns"}):
        try:
            refused.add_rule(ALLOW, name)
        except RuntimeError:
            pass  # a call that this architecture does not have
    refused.add_rule(ALLOW, "socket", Arg(0, EQ, socket.AF_UNIX))
    refused.add_rule(ERRNO(errno.EAFNOSUPPORT), "socket", Arg(0, NE, socket.AF_UNIX))
    refused.add_rule(ALLOW, "clone", Arg(0, MASKED_EQ, NAMESPACES, 0))
    refused.add_rule(ERRNO(errno.ENOSYS), "clone3")  # its flags are in memory, where no filter looks; callers fall back to clone
    return refused


def main():
    unit, uid, gid, *program = sys.argv[1:]
    refused = sandbox(unit)
    if dict(settings(unit))["CapabilityBoundingSet"] == "":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        for capability in range(64):
            prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setgid(int(gid))
    os.setuid(int(uid))
    refused.load()  # also sets no_new_privs
    os.execv(program[0], program)


main()
