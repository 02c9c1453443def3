namespace UdsBroker.Broker.Transport.Native;

/// <summary>Numbers of the kernel for options of sockets that .NET has no names for: socket(7), unix(7).</summary>
internal static class SocketOptions
{
    /// <summary>Options of the socket itself: SOL_SOCKET.</summary>
    public const int SocketLevel = 1;

    /// <summary>Every packet comes with the credentials of its sender: SO_PASSCRED.</summary>
    public const int PassCredentials = 16;
}
