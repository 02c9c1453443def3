using System.Runtime.InteropServices;

namespace UdsBroker.Broker.Transport.Native;

/// <summary>
/// The fields of <c>struct statx</c>, statx(2), that decide whether a file may be trusted or is our own. The kernel fills the
/// whole 256 bytes, so the size is part of the declaration.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly struct FileStatus
{
    private const int TypeMask = 0xF000;
    private const int GroupAndOthersWrite = 0x12;

    [FieldOffset(20)] private readonly uint _uid;
    [FieldOffset(24)] private readonly uint _gid;
    [FieldOffset(28)] private readonly ushort _mode;
    [FieldOffset(32)] private readonly ulong _inode;
    [FieldOffset(136)] private readonly uint _deviceMajor;
    [FieldOffset(140)] private readonly uint _deviceMinor;

    /// <summary>The owner.</summary>
    public uint Uid => _uid;

    /// <summary>The group.</summary>
    public uint Gid => _gid;

    /// <summary>Permission bits with set-user-id, set-group-id and sticky: the low twelve bits of st_mode, inode(7).</summary>
    public uint Permissions => _mode & 0xFFFu;

    /// <summary>True for a socket, S_ISSOCK.</summary>
    public bool IsSocket => (_mode & TypeMask) == 0xC000;

    /// <summary>True for a symbolic link, S_ISLNK.</summary>
    public bool IsSymbolicLink => (_mode & TypeMask) == 0xA000;

    /// <summary>True for a regular file, S_ISREG.</summary>
    public bool IsRegularFile => (_mode & TypeMask) == 0x8000;

    /// <summary>True for a directory, S_ISDIR.</summary>
    public bool IsDirectory => (_mode & TypeMask) == 0x4000;

    /// <summary>True when group or others may write.</summary>
    public bool IsWritableByOthers => (_mode & GroupAndOthersWrite) != 0;

    /// <summary>True when everybody may write.</summary>
    public bool IsWritableByAll => (_mode & 0x2) != 0;

    /// <summary>True when only the owner of an entry may rename or remove it, S_ISVTX on a directory.</summary>
    public bool IsSticky => (_mode & 0x200) != 0;

    /// <summary>Which file it is, whatever its name: equal for equal files while they exist.</summary>
    public FileIdentity Identity => new(((ulong)_deviceMajor << 32) | _deviceMinor, _inode);
}

/// <summary>A file apart from its name: the device and the inode number on it, inode(7).</summary>
/// <param name="Device">Major number in the upper half, minor in the lower.</param>
/// <param name="Inode">The inode number.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode);
