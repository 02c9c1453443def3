using System.Runtime.InteropServices;

namespace UdsBroker.Client;

/// <summary>
/// The fields of <c>struct statx</c>, statx(2), that say who may change a file: .NET tells the mode of a file, but not its owner. The kernel fills the whole
/// 256 bytes, so the size is part of the declaration; the layout is one on every architecture.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly partial struct FileStatus
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;

    [FieldOffset(20)] private readonly uint _uid;
    [FieldOffset(28)] private readonly ushort _mode;

    /// <summary>The owner.</summary>
    public uint Uid => _uid;

    /// <summary>True when group or others may write.</summary>
    public bool IsWritableByOthers => (_mode & 0x12) != 0;

    /// <summary>
    /// True when everybody may write, and also rename or remove what belongs to others because the directory is not sticky (S_ISVTX,
    /// inode(7)).
    /// </summary>
    public bool IsOpenToAll => (_mode & 0x202) == 0x2;

    /// <summary>What is at a path, or at the end of the link that is there; null when that cannot be told.</summary>
    public static FileStatus? Read(string path, bool followLink) =>
        StatX(CurrentDirectory, path, followLink ? 0 : NoFollow, BasicStats, out FileStatus status) == 0 ? status : null;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out FileStatus status);
}
