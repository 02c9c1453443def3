using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>How tests make sockets.</summary>
public static class TestSettings
{
    /// <summary>The default way to make a socket file.</summary>
    public static SocketFileOptions File { get; } = new()
    {
        Type = UnixSocketType.Stream,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        Backlog = 128,
    };
}
