using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>
/// File system calls that .NET does not expose faithfully: relative to a directory descriptor, without following links, and with the true
/// error number. Each returns -1 and sets errno on failure; read it with <see cref="Marshal.GetLastPInvokeError"/> in the very next
/// statement, because any runtime call may change it.
/// </summary>
internal static partial class FileCalls
{
    /// <summary>Paths are relative to the current directory, AT_FDCWD of openat(2).</summary>
    public const int CurrentDirectory = -100;

    /// <summary>The link itself, not its target, AT_SYMLINK_NOFOLLOW of statx(2).</summary>
    public const int NoFollow = 0x100;

    /// <summary>The file of the descriptor itself, AT_EMPTY_PATH of statx(2).</summary>
    public const int EmptyPath = 0x1000;

    /// <summary>Take the lock alone and do not wait for it, LOCK_EX | LOCK_NB of flock(2).</summary>
    public const int LockExclusiveNow = 2 | 4;

    /// <summary>Free the lock, for all copies of the descriptor, LOCK_UN of flock(2).</summary>
    public const int Unlock = 8;

    /// <summary>Open for reading and writing, create when absent: O_RDWR | O_CREAT of open(2).</summary>
    public const int ReadWriteCreate = 0x2 | 0x40;

    /// <summary>The descriptor is not inherited by a child, O_CLOEXEC of open(2).</summary>
    public const int CloseOnExec = 0x80000;

    /// <summary>Open to look at it alone, for which search permission on the way is enough: O_PATH of open(2).</summary>
    public const int PathOnly = 0x200000;

    /// <summary>Leaves owner or group as it is, chown(2).</summary>
    public const uint Unchanged = uint.MaxValue;

    private const int BasicStats = 0x7ff;

    /// <summary>Fail unless it is a directory, O_DIRECTORY of open(2); Arm numbers it differently.</summary>
    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;

    /// <summary>Fail on a symbolic link, O_NOFOLLOW of open(2); Arm numbers it differently.</summary>
    public static readonly int NoFollowOpen = IsArm ? 0x8000 : 0x20000;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;

    /// <summary>open(2). Returns an invalid handle on failure.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags, uint mode);

    /// <summary>openat(2). Returns an invalid handle on failure.</summary>
    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle OpenAt(SafeFileHandle directory, string name, int flags, uint mode);

    /// <summary>read(2): the number of bytes, 0 at the end.</summary>
    public static int Read(SafeFileHandle file, Span<byte> buffer) => (int)Read(file, buffer, (nuint)buffer.Length);

    /// <summary>readlink(2): where a link leads; the number of bytes, as many as fit.</summary>
    public static int ReadLink(string path, Span<byte> buffer) => (int)ReadLink(path, buffer, (nuint)buffer.Length);

    /// <summary>mkdir(2): one directory, its parent must be there.</summary>
    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, uint mode);

    /// <summary>flock(2): a lock on the open file description, freed by the kernel when its last descriptor closes.</summary>
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    /// <summary>fchmod(2), here for a socket that is not bound yet: bind(2) then creates the file with this mode less the umask.</summary>
    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(SafeHandle file, uint mode);

    /// <summary>fchmodat(2) with no flags.</summary>
    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeModeAt(SafeFileHandle directory, string name, uint mode, int flags);

    /// <summary>fchownat(2).</summary>
    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwnerAt(SafeFileHandle directory, string name, uint owner, uint group, int flags);

    /// <summary>renameat(2): replaces the target in one step.</summary>
    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt(SafeFileHandle directory, string name, SafeFileHandle newDirectory, string newName);

    /// <summary>unlinkat(2) with no flags.</summary>
    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(SafeFileHandle directory, string name, int flags);

    /// <summary>
    /// What is at <paramref name="name"/> in <paramref name="directory"/>, links not followed. Returns the error number, 0 for success.
    /// </summary>
    public static int StatAt(SafeFileHandle directory, string name, out FileStatus status)
    {
        var result = StatX(directory, name, NoFollow, BasicStats, out status);
        return result == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>What <paramref name="file"/> is open on. Returns the error number, 0 for success.</summary>
    public static int Stat(SafeFileHandle file, out FileStatus status)
    {
        var result = StatX(file, "", EmptyPath, BasicStats, out status);
        return result == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>What is at <paramref name="path"/>, a link at its end not followed. Returns the error number, 0 for success.</summary>
    public static int Stat(string path, out FileStatus status)
    {
        var result = StatX(CurrentDirectory, path, NoFollow, BasicStats, out status);
        return result == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, Span<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, Span<byte> buffer, nuint length);

    // statx(2) rather than stat(2): its structure has one layout on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle directory, string path, int flags, uint mask, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out FileStatus status);
}
