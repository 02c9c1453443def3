namespace UdsBroker.Broker.Transport;

/// <summary>Why a broker cannot listen on the configured socket.</summary>
public enum SocketFileReason
{
    /// <summary>Another broker holds the lock of this socket.</summary>
    AlreadyRunning,

    /// <summary>Nobody holds the lock, but a program answers at the path.</summary>
    ForeignListener,

    /// <summary>Something that is not a socket stands at the path. It is never deleted.</summary>
    NotASocket,

    /// <summary>The kernel forbids it: permissions of the directory, the lock file or the old socket.</summary>
    NotPermitted,

    /// <summary>The address has more bytes than a Unix socket address holds.</summary>
    PathTooLong,

    /// <summary>The path is empty, names a directory, or holds a zero byte.</summary>
    PathInvalid,

    /// <summary>The directory of the socket does not exist.</summary>
    DirectoryMissing,

    /// <summary>The directory belongs to somebody else or others may write to it, so anyone could put another socket in place.</summary>
    UnsafeDirectory,

    /// <summary>The lock file is a link, not a regular file, or belongs to somebody else.</summary>
    UnsafeLockFile,

    /// <summary>Any other answer of the kernel, such as a full or read-only file system.</summary>
    SystemError,
}

/// <summary>
/// A socket could not be opened for listening. The message is one sentence for the operator: what happened, at which path, and
/// what to do. Nothing is left behind but, at most, the lock file.
/// </summary>
public sealed class SocketFileException : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="reason">The kind of failure.</param>
    /// <param name="message">One sentence for the operator.</param>
    public SocketFileException(SocketFileReason reason, string message)
        : base(message) => Reason = reason;

    /// <summary>The kind of failure.</summary>
    public SocketFileReason Reason { get; }
}
