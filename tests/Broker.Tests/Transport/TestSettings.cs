using UdsBroker.Broker.Settings;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>Settings of tests: the defaults of the reference file, at a path of the test's own.</summary>
public static class TestSettings
{
    /// <summary>The default way to make a socket file.</summary>
    public static SocketFileOptions File { get; } = new()
    {
        Type = UnixSocketType.Stream,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        Backlog = 128,
    };

    /// <summary>A broker whose listener "main" is at <paramref name="path"/>, with more settings on top.</summary>
    public static BrokerSettings Broker(string path, params string[] assignments) =>
        BrokerSettingsReader.Read(SettingsLayers.Load(null, path, assignments));

    /// <summary>The listener "main" at <paramref name="path"/>.</summary>
    public static ListenerSettings Listener(string path) => Broker(path).Listeners[0];
}
