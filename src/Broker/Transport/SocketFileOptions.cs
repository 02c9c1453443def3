namespace UdsBroker.Broker.Transport;

/// <summary>How a socket file is made.</summary>
public sealed record SocketFileOptions
{
    /// <summary>The kind of socket.</summary>
    public required UnixSocketType Type { get; init; }

    /// <summary>Permissions of the file from its first moment, whatever the umask. To connect, a process needs the write bit.</summary>
    public required UnixFileMode Mode { get; init; }

    /// <summary>The user whom the file belongs to; null for the broker's own. Another one needs root.</summary>
    public uint? Owner { get; init; }

    /// <summary>The group of the file; null for the broker's own. Another one needs root or a member of it.</summary>
    public uint? Group { get; init; }

    /// <summary>
    /// Connections that may wait to be accepted; the kernel cuts it to net.core.somaxconn. Clients beyond it are told to try again.
    /// </summary>
    public required int Backlog { get; init; }

    /// <summary>The most bytes of one packet on a socket that has packets; the kernel may allow less.</summary>
    public int MaxPacket { get; init; }

    /// <summary>
    /// The least send buffer of a stream in bytes, if the kernel grants it; 0 for the kernel's default. The kernel counts its own overhead
    /// as well, socket(7) on SO_SNDBUF.
    /// </summary>
    public int SendBuffer { get; init; }

    /// <summary>Create the directory with mode 0700 when it is missing. For the default path only: a mistyped path should fail.</summary>
    public bool CreateDirectory { get; init; }

    /// <summary>
    /// Accept a directory that others may write to when it is sticky, such as <c>/tmp</c>. Others can then take the path before the
    /// broker starts, so clients must check whom they reached.
    /// </summary>
    public bool AllowStickyDirectory { get; init; }
}
