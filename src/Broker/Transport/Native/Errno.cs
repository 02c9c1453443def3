namespace UdsBroker.Broker.Transport.Native;

/// <summary>
/// Error numbers of errno(3) that the transport tells apart. The values are those of the generic Linux ABI, which every
/// architecture that .NET runs on shares for these names.
/// </summary>
internal static class Errno
{
    /// <summary>The operation is not permitted, EPERM.</summary>
    public const int NotPermitted = 1;

    /// <summary>No such file or directory, ENOENT.</summary>
    public const int NoEntry = 2;

    /// <summary>A signal came in between, EINTR.</summary>
    public const int Interrupted = 4;

    /// <summary>The call would have to wait, EAGAIN and EWOULDBLOCK.</summary>
    public const int TryAgain = 11;

    /// <summary>Permission denied, EACCES.</summary>
    public const int AccessDenied = 13;

    /// <summary>The name is taken, EEXIST.</summary>
    public const int Exists = 17;

    /// <summary>A component of the path is not a directory, ENOTDIR.</summary>
    public const int NotADirectory = 20;

    /// <summary>A symbolic link stands where O_NOFOLLOW forbids one, ELOOP.</summary>
    public const int SymbolicLink = 40;
}
